import ts from 'typescript';

/**
 * What of a TypeScript file can be executed, found in the source itself and not in what a compiler made of it:
 * so that runs of differently compiled code (Jest's, the build's) can be added up.
 *
 * Not counted as branches: default values and `?.`, of which V8 keeps no count.
 *
 * @typedef {{ start: number, end: number }} Span  offsets in the source
 * @typedef {{ kind: 'if' | 'cond-expr' | 'binary-expr' | 'switch', span: Span, arms: (Span | undefined)[] }} Branch
 *          an arm that is undefined is the `else` that was not written
 * @param {string} path
 * @param {string} text
 * @returns {{ file: import('typescript').SourceFile, statements: Span[], branches: Branch[] }}
 */
export function pointsOf(path, text) {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const points = { file, statements: [], branches: [] };
  const span = (node) => ({ start: node.getStart(file), end: node.getEnd() });
  const visit = (node) => {
    if (isOnlyType(node)) return;
    const statement = statementIn(node);
    if (statement !== undefined) points.statements.push(span(statement));
    const branch = branchIn(node);
    if (branch !== undefined) {
      const arms = branch.arms.map((arm) => (arm === undefined ? undefined : span(arm)));
      points.branches.push({ kind: branch.kind, span: span(node), arms });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return points;
}

function isOnlyType(node) {
  const ambient =
    ts.canHaveModifiers(node) &&
    ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword);
  return (
    ambient ||
    ts.isTypeNode(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node)
  );
}

const STATEMENTS = new Set([
  ts.SyntaxKind.ExpressionStatement,
  ts.SyntaxKind.IfStatement,
  ts.SyntaxKind.DoStatement,
  ts.SyntaxKind.WhileStatement,
  ts.SyntaxKind.ForStatement,
  ts.SyntaxKind.ForInStatement,
  ts.SyntaxKind.ForOfStatement,
  ts.SyntaxKind.ContinueStatement,
  ts.SyntaxKind.BreakStatement,
  ts.SyntaxKind.ReturnStatement,
  ts.SyntaxKind.SwitchStatement,
  ts.SyntaxKind.ThrowStatement,
  ts.SyntaxKind.TryStatement,
  ts.SyntaxKind.EnumDeclaration,
  ts.SyntaxKind.ExportAssignment,
]);

function statementIn(node) {
  if (STATEMENTS.has(node.kind)) return node;
  if (ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node)) return node.initializer;
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) return node.body;
  return undefined;
}

const LOGICAL = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
]);

const bare = (node) => (ts.isParenthesizedExpression(node) ? bare(node.expression) : node);
const isLogical = (node) => ts.isBinaryExpression(node) && LOGICAL.has(node.operatorToken.kind);
const operands = (node) =>
  isLogical(bare(node)) ? [bare(node).left, bare(node).right].flatMap(operands) : [node];

function parentOf(node) {
  return ts.isParenthesizedExpression(node.parent) ? parentOf(node.parent) : node.parent;
}

function branchIn(node) {
  if (ts.isIfStatement(node)) return { kind: 'if', arms: [node.thenStatement, node.elseStatement] };
  if (ts.isConditionalExpression(node)) return { kind: 'cond-expr', arms: [node.whenTrue, node.whenFalse] };
  if (isLogical(node) && !isLogical(parentOf(node))) return { kind: 'binary-expr', arms: operands(node) };
  if (ts.isSwitchStatement(node)) {
    // A clause without statements falls through to the next and is counted there.
    const arms = node.caseBlock.clauses.flatMap(({ statements }) => statements.slice(0, 1));
    return arms.length === 0 ? undefined : { kind: 'switch', arms };
  }
  return undefined;
}
