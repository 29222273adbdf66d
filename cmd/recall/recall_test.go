package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/typestate"
	"github.com/lockproof/lockproof/csource/tree"
	"github.com/lockproof/lockproof/model"
)

const table = "id\tfix_sha\tdate\tclass\tdetect\tfile\tfunctions\tsubject\n" +
	"A1\t0123456789\t2011-01-02\tjob-leak\tintra\tsrc/q/a.c\tf,g\tone\n" +
	"A2\tabcdef0123\t2010-01-02\tlock-leak\tinter\tsrc/q/b.c\th\ttwo\n" +
	"\n" +
	"A3\tabcdef0124\t2012-01-02\tjob-leak\tinterleaving\tsrc/q/b.c\th\tthree\n"

func TestRows(t *testing.T) {
	rows, err := parseRows([]byte(table))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		o    options
		want string
	}{
		{options{}, "A2 A1 A3"},
		{options{detects: list{"intra", "inter"}}, "A2 A1"},
		{options{classes: list{"job-leak"}}, "A1 A3"},
		{options{ids: list{"A3", "A2"}}, "A2 A3"},
	} {
		var got []string
		for _, r := range tt.o.choose(slices.Clone(rows)) {
			got = append(got, r.ID)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%+v: %s, want %s", tt.o, s, tt.want)
		}
	}
	if r := rows[0]; !slices.Equal(r.Functions, []string{"f", "g"}) || r.Class != model.JobLeak || !slices.Equal(r.paths(), []string{"src/conf", "src/hypervisor", "src/q", "src/qemu"}) {
		t.Errorf("%+v", r)
	}
	for bad, want := range map[string]string{
		"id\tclass\n":                                        "no column fix_sha",
		strings.Replace(table, "A1", "", 1):                  "line 2: the row has no id",
		strings.Replace(table, "lock-", "", 1):               `line 3: "leak" is no kind`,
		strings.Replace(table, "intra", "x", 1):              `"x" is none of`,
		strings.Replace(table, "0123456789", "--help", 1):    `"--help" is no commit`,
		strings.Replace(table, "src/q/a.c", "../q/a.c", 1):   "is no file of a repository",
		strings.Replace(table, "f,g", "f, g", 1):             `" g" is no function`,
		strings.Replace(table, "src/q/a.c", "/etc/x.c", 1):   "is no file of a repository",
		strings.Replace(table, "\tintra\t", "\tinter \t", 1): "is none of",
	} {
		if _, err := parseRows([]byte(bad)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func FuzzRows(f *testing.F) {
	f.Add([]byte(table))
	f.Add([]byte("id\tfix_sha\n\t\t\t"))
	f.Fuzz(func(t *testing.T, text []byte) {
		rows, err := parseRows(text)
		for _, r := range rows {
			if err == nil && r.check() != nil {
				t.Errorf("%+v", r)
			}
		}
	})
}

// What is found before the fix is a hit, and the reason of a miss is told.
func TestJudge(t *testing.T) {
	finding := func(function string, kind model.Kind, path ...string) typestate.Finding {
		f := typestate.Finding{Function: function, Kind: kind, Message: "m", Pos: model.Pos{File: "a.c", Line: 1, Col: 2}}
		for _, p := range path {
			f.Path = append(f.Path, typestate.Step{Function: p})
		}
		return f
	}
	with := func(fs ...typestate.Finding) *lint {
		defs, err := tree.Parse(t.Context(), []string{"a.c"}, func(string) ([]byte, error) { return []byte("void f(void) { }"), nil })
		if err != nil {
			t.Fatal(err)
		}
		return &lint{tree: defs, result: &typestate.Result{Findings: fs}}
	}
	gap := with()
	gap.result.Gaps = []typestate.Gap{{Reason: "too many states", Function: "f"}}
	for _, tt := range []struct {
		functions     string
		before, after *lint
		want          string
	}{
		{"f", with(finding("f", model.JobLeak)), with(), "hit silent"},
		{"f", with(finding("f", model.JobLeak)), with(finding("f", model.LockLeak)), "hit silent"},
		{"f", with(finding("f", model.JobLeak)), with(finding("f", model.JobLeak)), "hit: still found at the fix"},
		{"f", with(finding("g", model.JobLeak)), with(), "missed: nothing is found there"},
		{"f", with(finding("g", model.JobLeak, "h", "f")), with(), "missed: found in g, by way of it: job-leak"},
		{"f", with(finding("f", model.NoJob), finding("f", model.NoJob)), with(), "missed: other findings there: no-job"},
		{"f", gap, with(), "missed: not understood: too many states"},
		{"e", with(), with(), "missed: no such function"},
	} {
		r := &row{Class: model.JobLeak, Functions: []string{tt.functions}}
		r.judge(tt.before, tt.after)
		got := "missed"
		if r.Hit {
			got = "hit"
			if r.Silent {
				got += " silent"
			}
		}
		if r.Why != "" {
			got += ": " + r.Why
		}
		if got != tt.want || !r.Measured {
			t.Errorf("%s, want %s", got, tt.want)
		}
	}
}

func TestPatch(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("t/src/q/a.c", "void f(void)\n{\n    one();\n    two();\n    three();\n}\n\n--- x;\n")
	write("p/series", "# all\nfirst.patch\n\nd/fix.patch\n")
	write("p/first.patch", "Subject: first\n\n--- a/src/q/a.c\n+++ b/src/q/a.c\n@@ -1,2 +1,4 @@\n+/* new */\n+\n void f(void)\n {\n")
	write("p/d/fix.patch", "Subject: [PATCH] qemu: mend\n it\n\n---\n src/q/a.c | 2 +-\n\n--- a/src/q/a.c\n+++ b/src/q/a.c\n@@ -3,3 +3,4 @@\n     one();\n-    two();\n+    2();\n+    4();\n     three();\n-- \n2.39\n")
	m := &meter{o: &options{patches: filepath.Join(dir, "p"), tree: filepath.Join(dir, "t")}}
	body := func(before bool, r *row) string {
		t.Helper()
		tr, err := m.patched(t.Context(), r, before)
		if err != nil {
			t.Fatal(err)
		}
		if tr == nil {
			return r.Why
		}
		f := tr.Find(nil, "f")
		return strings.Repeat("#", f.Pos().Line) + strings.Repeat("+", len(f.Body.List))
	}
	fix := &row{Fix: "0123", Subject: "mend it", File: "src/q/a.c", Detect: "intra"}
	if got := body(true, fix); got != "###+++" {
		t.Errorf("before: %s", got)
	}
	if got := body(false, fix); got != "###++++" {
		t.Errorf("after: %s", got)
	}
	if got := body(true, &row{Fix: "0123", Subject: "other", File: "src/q/a.c"}); got != "the clone does not have the commit, and no patch is it" {
		t.Error(got)
	}
	write("p/first.patch", "--- a/src/q/a.c\n+++ b/src/q/a.c\n@@ -1,2 +1,4 @@\n+x\n int f(void)\n")
	if _, err := m.patched(t.Context(), fix, true); err == nil || !strings.Contains(err.Error(), "does not apply to src/q/a.c at line 1") {
		t.Error(err)
	}
	write("p/series", "../../x\n")
	if _, err := m.patched(t.Context(), fix, true); err == nil || !strings.Contains(err.Error(), "lies outside") {
		t.Error(err)
	}
}

func TestUsage(t *testing.T) {
	for args, want := range map[string]string{
		"":                                     "--tsv is missing",
		"--tsv x":                              "--git is missing",
		"--tsv x --git y z":                    `"z" is too much`,
		"--tsv x --git y --patches p":          "--patches and --tree belong together",
		"--tsv x --git y --era a --contract b": "--era and --contract",
		"--tsv /nonexistent --git y":           "no such file",
	} {
		var out, errs bytes.Buffer
		if code := run(t.Context(), strings.Fields(args), &out, &errs); code != exitBad || !strings.Contains(errs.String(), want) {
			t.Errorf("%s: %d, %s", args, code, errs.String())
		}
	}
}

func TestReport(t *testing.T) {
	a := &answers{Rows: []*row{
		{ID: "A", Class: model.JobLeak, Detect: "intra", Measured: true, Hit: true, Silent: true, Functions: []string{"f"}},
		{ID: "B", Class: model.JobLeak, Detect: "intra", Measured: true, Why: "nothing is found there", File: "a.c", Fix: "12", Functions: []string{"f"}},
		{ID: "C", Class: model.JobLeak, Detect: "inter", Why: "no clone", File: "a.c", Fix: "12", Functions: []string{"f"}},
	}}
	var b bytes.Buffer
	a.write(&b, false)
	want := `class     detect  rows  measured  found  %   silent  %
job-leak  intra   2     2         1      50  1       100
job-leak  inter   1     0         0      0   0       0
all       intra   2     2         1      50  1       100
all       inter   1     0         0      0   0       0
all               3     2         1      50  1       100

B job-leak intra missed ()
  a.c: f
  12: nothing is found there

C job-leak inter not measured ()
  a.c: f
  12: no clone
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}
