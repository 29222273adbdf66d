package lint

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/typestate"
	"github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/model"
)

const source = `/* lockproof: ignore job-leak: the worker
 * ends it */
static int
f(void)
{
    one();
    two(); /* lockproof: ignore lock-leak, bad-unlock: hand-over */
    three();
    four();
    /* lockproof: ignore no-job */
    five();
    /* lockproof: ignore no-such-kind: x */
    /* lockproof: hello */
    /* lockproof: ignore: x */
    /* nothing */
    // lockproof: ignore refcount: nothing there
    six();
}

int g(void) { return 1; }
`

func finding(line int, kind model.Kind, path ...int) typestate.Finding {
	f := typestate.Finding{Kind: kind, Function: "f", Pos: model.Pos{File: "a.c", Line: line, Col: 5}, Message: "m"}
	for _, l := range path {
		f.Path = append(f.Path, typestate.Step{Pos: model.Pos{File: "a.c", Line: l}})
	}
	return f
}

func TestSuppress(t *testing.T) {
	tr, err := tree.Parse(t.Context(), []string{"a.c"}, func(string) ([]byte, error) { return []byte(source), nil })
	if err != nil {
		t.Fatal(err)
	}
	r := &Result{Result: &typestate.Result{Findings: []typestate.Finding{
		finding(6, model.JobLeak), finding(6, model.NoJob), finding(7, model.LockLeak), finding(8, model.BadUnlock), finding(9, model.BadUnlock),
		finding(9, model.LockLeak, 7, 9), finding(11, model.NoJob), finding(17, model.JobLeak), finding(20, model.JobLeak),
	}}}
	r.suppress(tr, nil)
	var b strings.Builder
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "stays %d %s\n", f.Pos.Line, f.Kind)
	}
	for _, f := range r.Suppressed {
		fmt.Fprintf(&b, "%d %s: %s\n", f.Pos.Line, f.Kind, f.Reason)
	}
	for _, n := range r.Remarks {
		fmt.Fprintf(&b, "%s: %s\n", n.Pos, n.Text)
	}
	const want = "stays 6 no-job\nstays 9 bad-unlock\nstays 11 no-job\nstays 20 job-leak\n" +
		"6 job-leak: the worker ends it\n7 lock-leak: hand-over\n8 bad-unlock: hand-over\n9 lock-leak: hand-over\n17 job-leak: the worker ends it\n" +
		"a.c:10:5: this comment gives no reason, so it takes back nothing: write `lockproof: ignore no-job: reason`\n" +
		"a.c:12:5: \"no-such-kind\" is no kind of finding, so this comment takes back nothing: lockproof explain lists them\n" +
		"a.c:13:5: this comment is not understood: write `lockproof: ignore KIND: reason`\n" +
		"a.c:14:5: this comment names no kind of finding: write `lockproof: ignore KIND: reason`\n" +
		"a.c:16:5: nothing is found here that this comment could take back\n"
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

func TestCompare(t *testing.T) {
	result := func(fs ...typestate.Finding) *Result {
		r := &Result{}
		for i := range fs {
			r.Findings = append(r.Findings, Finding{Finding: &fs[i]})
		}
		return r
	}
	lines := func(fs []Finding) string {
		var b strings.Builder
		for _, f := range fs {
			fmt.Fprintf(&b, "%d ", f.Pos.Line)
		}
		return strings.TrimSpace(b.String())
	}
	moved := finding(30, model.JobLeak)
	other := finding(30, model.JobLeak)
	other.Message = "n"
	elsewhere := finding(30, model.JobLeak)
	elsewhere.Function = "g"
	for i, tt := range []struct {
		before, after *Result
		want          string
	}{
		{result(), result(), "|/0"},
		{result(finding(1, model.JobLeak)), result(moved), "|/1"},
		{result(finding(1, model.JobLeak)), result(other), "30|1/0"},
		{result(finding(1, model.JobLeak)), result(elsewhere), "30|1/0"},
		{result(finding(1, model.JobLeak)), result(finding(1, model.NoJob)), "1|1/0"},
		{result(finding(1, model.JobLeak)), result(finding(2, model.JobLeak), finding(3, model.JobLeak)), "3|/1"},
		{result(finding(2, model.JobLeak), finding(3, model.JobLeak)), result(finding(1, model.JobLeak)), "|3/1"},
	} {
		c := Compare(tt.before, tt.after)
		if got := fmt.Sprintf("%s|%s/%d", lines(c.New), lines(c.Gone), c.Same); got != tt.want {
			t.Errorf("%d: %s, want %s", i, got, tt.want)
		}
	}
}
