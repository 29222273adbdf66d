package lint

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/typestate"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// jobs is a contract with jobs and a monitor.
func jobs(t *testing.T) *typestate.Contract {
	t.Helper()
	read := func(_ model.Pos, name string) (syntax.Source, error) {
		text, err := os.ReadFile(filepath.Join("..", "typestate", "testdata", "contracts", name))
		return syntax.Source{Name: name, Text: text}, err
	}
	text, err := read(model.Pos{}, "jobs.c")
	if err != nil {
		t.Fatal(err)
	}
	c, err := typestate.ParseContract(t.Context(), "jobs.c", []syntax.Source{text}, syntax.Options{Include: read})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// An edit is a replacement in a file.
type edit struct{ file, from, to string }

const (
	lockedStruct = "struct s { virMutex lock; virMutex other; int n; };\n"
	takesLock    = "int takes(struct s *s)\n{\n    virMutexLock(&s->lock);\n    virMutexUnlock(&s->lock);\n    return 0;\n}\n"
	holdsLock    = "int caller(struct s *s)\n{\n    virMutexLock(&s->lock);\n    takes(s);\n    virMutexUnlock(&s->lock);\n    return 0;\n}\n"
	asksAlone    = "static void asksAlone(virDomainObj *vm)\n{\n    if (!virDomainObjIsActive(vm))\n        return;\n" +
		"    qemuDomainObjEnterMonitor(vm);\n    ask(vm);\n    qemuDomainObjExitMonitor(vm);\n}\n\n"
)

// What callers know of a function is more than its summary. Each case changes one thing of it, and
// the change is what two whole checks say, paths included.
func TestDiffWhole(t *testing.T) {
	contract := jobs(t)
	for name, tt := range map[string]struct {
		jobs  bool
		files map[string]string
		edits []edit
		want  string
	}{
		"a parameter is followed first": {false, map[string]string{
			"s.h": lockedStruct + "struct p { int n; };\n",
			"a.c": "int follows(struct p *p)\n{\n    if (!p)\n        return 0;\n    return p->n;\n}\n",
			"b.c": "int caller(struct s *s)\n{\n    struct p *q = NULL;\n    int ret;\n\n    virMutexLock(&s->lock);\n    ret = follows(q);\n" +
				"    virMutexUnlock(&s->lock);\n    return ret;\n}\n",
		}, []edit{{"a.c", "    if (!p)\n        return 0;\n", ""}}, "+caller null-vm"},
		"another one of several": {false, map[string]string{
			"s.h": lockedStruct, "a.c": takesLock, "b.c": holdsLock,
			"c.c": "int takes(struct s *s)\n{\n    int n = 1;\n    n++;\n    n++;\n    n++;\n    return n;\n}\n",
		}, []edit{{"c.c", "    n++;\n    n++;\n    n++;\n", ""}}, "+caller self-deadlock"},
		"not static any more": {false, map[string]string{
			"s.h": lockedStruct, "a.c": "static " + takesLock + "int x(struct s *s) { return takes(s); }\n", "b.c": holdsLock,
		}, []edit{{"a.c", "static int takes", "int takes"}}, "+caller self-deadlock"},
		"a second call that needs the same": {true, map[string]string{
			"a.c": asksAlone + "static int starts(virDomainObj *vm)\n{\n    asksAlone(vm);\n    asksAlone(vm);\n    asksAlone(vm);\n    return 0;\n}\n\n" +
				"static int inAsyncJob(virDomainPtr dom)\n{\n    virDomainObj *vm = qemuDomainObjFromDomain(dom);\n    int ret = -1;\n\n    if (!vm)\n" +
				"        return -1;\n    if (virDomainObjBeginAsyncJob(vm, VIR_ASYNC_JOB_SAVE) < 0)\n        goto cleanup;\n    ret = starts(vm);\n" +
				"    virDomainObjEndAsyncJob(vm);\ncleanup:\n    virDomainObjEndAPI(&vm);\n    return ret;\n}\n",
		}, []edit{
			{"a.c", "static int starts", strings.Replace(asksAlone, "asksAlone", "asksAgain", 1) + "static int starts"},
			{
				"a.c", "    asksAlone(vm);\n    asksAlone(vm);\n    asksAlone(vm);",
				"    asksAlone(vm);\n    asksAgain(vm);\n    asksAlone(vm);",
			},
		}, "+asksAgain async-nesting"},
		"a callee whose address is taken": {false, map[string]string{
			"s.h": lockedStruct,
			"a.c": takesLock + "void low(struct s *s)\n{\n    takes(s);\n}\nvoid mid(struct s *s)\n{\n    low(s);\n}\n" +
				"void caller(struct s *s)\n{\n    virMutexLock(&s->lock);\n    mid(s);\n    virMutexUnlock(&s->lock);\n}\n",
			"b.c": "int x(void)\n{\n    return 0;\n}\n",
		}, []edit{{"b.c", "return 0", "reg(low); return 0"}}, "+mid self-deadlock -low self-deadlock"},
		"a brace that moves": {false, map[string]string{
			"a.c": lockedStruct + "virMutex *give(struct s *s)\n{\n    virMutexLock(&s->other);\n    virMutexUnlock(&s->other);\n    return &s->lock;\n}\n\n" +
				"void relocks(struct s *s)\n{\n    {\n        VIR_LOCK_GUARD lock = give(s);\n        ask(1);\n    }\n\n\n    more();\n}\n\n" +
				"int caller(struct s *s)\n{\n    virMutexLock(&s->lock);\n    virMutexUnlock(&s->lock);\n    relocks(s);\n    return 0;\n}\n",
		}, []edit{{"a.c", "        ask(1);\n    }\n\n\n", "        ask(1);\n\n    }\n\n"}, {"a.c", "return 0", "return 1"}}, ""},
		"the first job of a folder": {true, map[string]string{
			"a.c": "int sets(virDomainPtr dom)\n{\n    virDomainObj *vm = qemuDomainObjFromDomain(dom);\n\n    if (!vm)\n        return -1;\n" +
				"    vm->def->id = 3;\n    virDomainObjEndAPI(&vm);\n    return 0;\n}\n",
			"b.c": "int x(virDomainObj *vm)\n{\n    return 0;\n}\n",
		}, []edit{{
			"b.c", "return 0",
			"if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0)\n        return -1;\n    virDomainObjEndJob(vm);\n    return 0",
		}}, "+sets no-job"},
		"a mutex that is a recursive one now": {false, map[string]string{
			"s.h": lockedStruct, "a.c": "int init(struct s *s)\n{\n    return virMutexInit(&s->lock);\n}\n", "b.c": takesLock + holdsLock,
		}, []edit{{"a.c", "virMutexInit(", "virMutexInitRecursive("}}, "-caller self-deadlock"},
	} {
		t.Run(name, func(t *testing.T) {
			changed := maps.Clone(tt.files)
			for _, e := range tt.edits {
				if !strings.Contains(changed[e.file], e.from) {
					t.Fatalf("%q is not in %s", e.from, e.file)
				}
				changed[e.file] = strings.Replace(changed[e.file], e.from, e.to, 1)
			}
			before := &typestate.Side{Tree: files(t, tt.files, nil, nil)}
			after := &typestate.Side{Tree: files(t, changed, before.Tree, tt.files)}
			var opt typestate.Options
			if tt.jobs {
				before.Contract, after.Contract, opt.Contract = contract, contract, contract
			}
			was, is, err := Diff(t.Context(), before, after, opt)
			if err != nil {
				t.Fatal(err)
			}
			if got := brought(Compare(was, is)); got != tt.want {
				t.Errorf("brings %q, want %q", got, tt.want)
			}
			first, err := Check(t.Context(), before.Tree, opt)
			if err != nil {
				t.Fatal(err)
			}
			second, err := Check(t.Context(), after.Tree, opt)
			if err != nil {
				t.Fatal(err)
			}
			if got := brought(Compare(first, second)); got != tt.want {
				t.Errorf("whole: brings %q, want %q", got, tt.want)
			}
			for _, f := range is.Findings {
				same := func(g Finding) bool { return g.Pos == f.Pos && slices.Equal(g.Path, f.Path) }
				if !slices.ContainsFunc(second.Findings, same) {
					t.Errorf("only when they are compared: %+v", f.Finding)
				}
			}
		})
	}
}

// brought are the kinds of what is new and gone, with their functions.
func brought(c Change) string {
	var list []string
	for sign, fs := range map[string][]Finding{"+": c.New, "-": c.Gone} {
		for _, f := range fs {
			list = append(list, sign+f.Function+" "+string(f.Kind))
		}
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}
