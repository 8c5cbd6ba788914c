#!/bin/sh
# Stands in for a coding agent: reads a prompt such as "add the line number 7", does it in the git repository that it
# stands in, and commits. Notes when it finds another one at work there.
set -e
read -r prompt || [ -n "$prompt" ]
line=${prompt#add the line }
if [ -f .git/at-work ]; then
  # One that was killed, and waits for its parent to notice, is not at work.
  other=$(ps -o stat=,args= -p "$(cat .git/at-work)" || true)
  case $other in '' | Z*) ;; *) echo "$line met $other" >> "$OVERLAPS" ;; esac
fi
echo $$ > .git/at-work
# A predecessor may have been killed in the middle of anything.
rm -f .git/index.lock
git checkout -q -- .
echo '{"progress": 50, "message": "thinking"}'
sleep 0.3
if ! grep -qx "$line" notes.txt; then
  echo "$line" >> notes.txt
  git commit -qam "$prompt"
fi
rm .git/at-work
echo "{\"line\": \"$line\"}"
