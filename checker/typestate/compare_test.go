package typestate_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/typestate"
	"github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/model"
)

// A bodies is a program: what stands in each function, which calls only earlier ones. Each file has
// three of them.
type bodies [][]string

const perFile = 3

var statements = []string{
	"virObjectLock(vm);", "virObjectUnlock(vm);", "virObjectRef(vm);", "virObjectUnref(vm);",
	"if (virDomainObjBeginJob(vm, VIR_JOB_MODIFY) < 0)\n        return -1;", "virDomainObjEndJob(vm);",
	"if (n == 3)\n        return 0;", "if (!virDomainObjIsActive(vm))\n        return -1;",
	"vm->def->id = n;", "also(n);", "n = more(n);",
	"if (qemuDomainObjEnterMonitorAsync(vm, VIR_ASYNC_JOB_NONE) < 0)\n        return -1;", "qemuDomainObjExitMonitor(vm);",
	"%s(vm, n);", "if (%s(vm, n) < 0)\n        return -1;", "if (%s(vm, n) == 0)\n        return 0;",
}

func statement(r *rand.Rand, i int) string {
	s := statements[r.IntN(len(statements))]
	if strings.Contains(s, "%s") {
		if i == 0 {
			return "also(n);"
		}
		return fmt.Sprintf(s, fmt.Sprintf("f%d", r.IntN(i)))
	}
	return s
}

func randomBodies(r *rand.Rand) bodies {
	b := make(bodies, 9)
	for i := range b {
		for range 1 + r.IntN(5) {
			b[i] = append(b[i], statement(r, i))
		}
	}
	return b
}

// changed is a program in which one function, and now and then another one, is another.
func (b bodies) changed(r *rand.Rand) bodies {
	out := slices.Clone(b)
	for range 1 + r.IntN(2) {
		i := r.IntN(len(out))
		body := slices.Clone(out[i])
		switch k := r.IntN(len(body)); r.IntN(3) {
		case 0:
			body[k] = statement(r, i)
		case 1:
			body = slices.Delete(body, k, k+1)
		case 2:
			body = slices.Insert(body, k, statement(r, i))
		}
		out[i] = body
	}
	return out
}

// tree parses the program. Files that another one has as well are its.
func (b bodies) tree(t *testing.T, other bodies, same *tree.Tree) *tree.Tree {
	t.Helper()
	var list []*tree.File
	for at := 0; at < len(b); at += perFile {
		i := at / perFile
		if same != nil && slices.EqualFunc(b[at:at+perFile], other[at:at+perFile], slices.Equal) {
			list = append(list, same.Files[i])
			continue
		}
		var text strings.Builder
		for k, body := range b[at : at+perFile] {
			fmt.Fprintf(&text, "int f%d(virDomainObj *vm, int n)\n{\n    %s\n    return 0;\n}\n\n", at+k, strings.Join(body, "\n    "))
		}
		one, err := tree.Parse(t.Context(), []string{fmt.Sprintf("%d.c", i)}, func(string) ([]byte, error) { return []byte(text.String()), nil })
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, one.Files...)
	}
	return tree.New(list)
}

// differing are the functions of one program that are others in another one.
func (b bodies) differing(other bodies) func(*tree.Function) bool {
	names := map[string]bool{}
	for i := range b {
		names[fmt.Sprintf("f%d", i)] = !slices.Equal(b[i], other[i])
	}
	return func(f *tree.Function) bool { return names[f.Name] }
}

var atLine = regexp.MustCompile(`line \d+`)

// tally counts findings by what does not move with the lines.
func tally(r *typestate.Result, asked func(*typestate.Finding) bool) map[string]int {
	n := map[string]int{}
	for i := range r.Findings {
		if f := &r.Findings[i]; asked(f) {
			n[fmt.Sprintf("%s %s %s", f.Function, f.Kind, atLine.ReplaceAllString(f.Message, "line"))]++
		}
	}
	return n
}

// text is a finding with its path, all with their places.
func text(f *typestate.Finding) string {
	var b strings.Builder
	fmt.Fprintln(&b, f.Pos, f.Function, f.Kind, f.Message)
	for _, s := range f.Path {
		fmt.Fprintln(&b, s.Pos, s.Function, s.Text, s.Depth)
	}
	return b.String()
}

// change is what one tally has more or less of than another one.
func change(before, after map[string]int) string {
	var list []string
	for k := range maps.Keys(after) {
		if d := after[k] - before[k]; d > 0 {
			list = append(list, fmt.Sprintf("+%d %s", d, k))
		}
	}
	for k := range maps.Keys(before) {
		if d := before[k] - after[k]; d > 0 {
			list = append(list, fmt.Sprintf("-%d %s", d, k))
		}
	}
	slices.Sort(list)
	return strings.Join(list, "\n")
}

// byOthers reports whether what is found, or where, hangs on functions that do not call one
// another.
func byOthers(kind model.Kind) bool { return kind == model.LockOrder || kind == model.SelfDeadlock }

// Two programs are compared with what both have left out, and both are looked at whole: the change
// is the same.
func TestCompareWhole(t *testing.T) {
	c := contract(t, "jobs.c")
	opt := typestate.Options{Contract: c, Workers: 2}
	found, less := 0, 0
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 7))
		old := randomBodies(r)
		now := old.changed(r)
		was := old.tree(t, nil, nil)
		is := now.tree(t, old, was)
		all := func(f *typestate.Finding) bool { return !byOthers(f.Kind) }
		var whole []map[string]int
		var texts []map[string]bool
		for _, tr := range []*tree.Tree{was, is} {
			result, err := typestate.Check(t.Context(), tr, opt)
			if err != nil {
				t.Fatal(err)
			}
			whole = append(whole, tally(result, all))
			said := map[string]bool{}
			for i := range result.Findings {
				said[text(&result.Findings[i])] = true
			}
			texts = append(texts, said)
		}
		before := &typestate.Side{Tree: was, Contract: c, Changed: old.differing(now)}
		after := &typestate.Side{Tree: is, Contract: c, Changed: now.differing(old)}
		first, second, err := typestate.Compare(t.Context(), before, after, opt)
		if err != nil {
			t.Fatal(err)
		}
		in := func(s *typestate.Side) func(*typestate.Finding) bool {
			names := map[string]bool{}
			for f := range s.Asked {
				names[f.Name] = true
			}
			return func(f *typestate.Finding) bool { return names[f.Function] && !byOthers(f.Kind) }
		}
		want := change(whole[0], whole[1])
		got := change(tally(first, in(before)), tally(second, in(after)))
		if got != want {
			t.Errorf("seed %d: got\n%s\nwant\n%s", seed, got, want)
		}
		if want != "" {
			found++
		}
		for i, s := range []*typestate.Side{before, after} {
			in := in(s)
			for _, result := range []*typestate.Result{first, second}[i : i+1] {
				for j := range result.Findings {
					if f := &result.Findings[j]; in(f) && !texts[i][text(f)] {
						t.Errorf("seed %d: only when they are compared: %s", seed, text(f))
					}
				}
			}
		}
		if len(after.Asked) < len(now) {
			less++
		}
	}
	t.Logf("%d changes, %d of them not about all", found, less)
	if found < 60 || less < 100 {
		t.Error("too few")
	}
}
