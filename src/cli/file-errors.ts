import { StartFailure } from './start-failure';

/** Errors of the system about a file or a disk: the operator can put them right. */
const OF_FILES =
  /^(?:E(?:ACCES|PERM|ROFS|NOSPC|DQUOT|NOENT|NOTDIR|ISDIR|EXIST|IO)|SQLITE_(?:FULL|IOERR|CANTOPEN|BUSY).*)$/;

/** @throws StartFailure in words for what a file or a disk refused, and everything else as it is */
export async function toldFileError<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
    if (typeof code !== 'string' || !OF_FILES.test(code)) throw error;
    throw new StartFailure(String(message), { cause: error });
  }
}
