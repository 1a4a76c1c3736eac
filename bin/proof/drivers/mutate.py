"""Makes small, legal changes to the packaged StorPool drivers of this container. Nothing of them is kept anywhere.

argv[1]: JSON {path below site packages: [functions that are not called in a run]}. Prints JSON: {"files": {path: source}, "mutants": [{"id",
"file", "function", "line", "what"}]}. Each of these sources is the packaged one, and behind it all changed functions, of which each call takes
the one that /run/acceptance/mutant names: so that one cluster plays them one after the other, and no service is started again.
"""
import ast
import copy
import importlib.util
import json
import pathlib
import sys

SITE = pathlib.Path(importlib.util.find_spec('os_brick').submodule_search_locations[0]).parent
CHOOSE = '''

def _acceptance_chosen(original, mutants):
    import functools

    @functools.wraps(original)
    def chosen(*args, **kwargs):
        try:
            with open('/run/acceptance/mutant') as file:
                active = file.read().strip()
        except OSError:
            active = ''
        return mutants.get(active, original)(*args, **kwargs)
    return chosen
'''
FLIPPED = {ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In}
# What means another thing to StorPool, as its API documents it.
OTHER_WORDS = {'parent': 'baseOn', 'baseOn': 'parent', 'rw': 'ro', 'template': 'replication', 'size': 'sizeAdd', 'rename': 'name'}
OTHER_UNITS = {'Gi': 'Mi', 'Mi': 'Ki'}


def is_talk(node):
    """Logging and the words of errors: what they say is no behaviour."""
    if isinstance(node, ast.Raise):
        return True
    called = node.func if isinstance(node, ast.Call) else None
    name = called.value if isinstance(called, ast.Attribute) else called
    return isinstance(name, ast.Name) and name.id in ('LOG', '_')


def inside(node):
    """All nodes of a function but those that only talk, with how to reach each: [(node, parent, field, position or None)]."""
    for field, value in ast.iter_fields(node):
        for at, child in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(child, ast.AST) and not is_talk(child) and field not in ('decorator_list', 'args' if isinstance(
                    node, ast.FunctionDef) else ''):
                yield child, node, field, at if isinstance(value, list) else None
                yield from inside(child)


def changes(node, parent, field, at):
    """What can be changed there: [(in words, how)], where `how` changes the tree that the node is in."""
    said = ast.unparse(node) if not isinstance(node, (ast.cmpop, ast.expr_context, ast.operator)) else ''
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and not is_talk(node.value):
        yield f'without {said}', lambda: put(parent, field, at, ast.Pass())
    if isinstance(node, ast.Dict):
        for key in range(len(node.keys)):
            name = ast.unparse(node.keys[key]) if node.keys[key] else '**'
            yield f'without {name} in {said}', lambda key=key: (node.keys.pop(key), node.values.pop(key))
    if isinstance(node, ast.Constant) and node.value in OTHER_WORDS and isinstance(node.value, str):
        yield f'{OTHER_WORDS[node.value]!r} for {said}', lambda: setattr(node, 'value', OTHER_WORDS[node.value])
    if isinstance(node, ast.Attribute) and node.attr in OTHER_UNITS:
        yield f'units.{OTHER_UNITS[node.attr]} for {said}', lambda: setattr(node, 'attr', OTHER_UNITS[node.attr])
    if isinstance(node, ast.Compare) and type(node.ops[0]) in FLIPPED:
        yield f'the contrary of {said}', lambda: node.ops.__setitem__(0, FLIPPED[type(node.ops[0])]())
    if isinstance(node, ast.Return) and node.value is not None:
        if isinstance(node.value, ast.Constant) and node.value.value is None:
            return
        other = {True: False, False: True}.get(getattr(node.value, 'value', None)) if isinstance(node.value, ast.Constant) else None
        yield f'return {other} for {said}', lambda: setattr(node, 'value', ast.Constant(other))
    if isinstance(node, ast.ExceptHandler) and any(isinstance(each, ast.Raise) for each in ast.walk(node)):
        yield f'swallows {ast.unparse(node.type) if node.type else "everything"}', lambda: setattr(node, 'body', [ast.Pass()])
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Add)) and not isinstance(node.left, ast.BinOp):
        yield f'only {ast.unparse(node.left)} of {said}', lambda: put(parent, field, at, node.left)


def put(parent, field, at, node):
    if at is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[at] = node


def mutants_of(function):
    """[(line, in words, the changed function)], each changed in one place alone."""
    count = sum(1 for place in inside(function) for _ in changes(*place))
    for number in range(count):
        other = copy.deepcopy(function)
        all_of = [(place[0], change) for place in inside(other) for change in changes(*place)]
        node, (what, how) = all_of[number]
        how()
        yield getattr(node, 'lineno', function.lineno), what, ast.fix_missing_locations(other)


def functions_of(module):
    for node in module.body:
        if isinstance(node, ast.FunctionDef):
            yield '', node
        if isinstance(node, ast.ClassDef):
            yield from ((f'{node.name}.', each) for each in node.body if isinstance(each, ast.FunctionDef))


def mutate(path, uncalled, mutants):
    source = (SITE / path).read_text()
    behind = [CHOOSE]
    for owner, function in functions_of(ast.parse(source)):
        if function.name in uncalled or function.name == '__init__':
            continue
        own = []
        for line, what, other in mutants_of(function):
            name = f'm{len(mutants) + 1}'
            other.name = f'_acceptance_{name}'
            mutants.append({'id': name, 'file': path, 'function': function.name, 'line': line, 'what': ' '.join(what.split())})
            behind.append(ast.unparse(other))
            own.append(f'{name!r}: {other.name}')
        target = f'{owner}{function.name}'
        if own:
            behind.append(f'{target} = _acceptance_chosen({target}, {{{", ".join(own)}}})')
    return source + '\n\n'.join(behind) + '\n'


made = []
files = {path: mutate(path, uncalled, made) for path, uncalled in json.loads(sys.argv[1]).items()}
# By which a package is known.
for package in {path.split('/')[0] for path in files}:
    files[f'{package}/__init__.py'] = (SITE / package / '__init__.py').read_text()
print(json.dumps({'files': files, 'mutants': made}))
