package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// history is a repository with two commits: a helper that takes two locks in the wrong order, and
// its repair. It gives the second.
func history(t *testing.T) (dir, fix string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	dir = t.TempDir()
	git := func(args ...string) string {
		t.Helper()
		cmd := exec.Command("git", append([]string{
			"-C", dir, "-c", "user.name=A", "-c", "user.email=a@example.org",
			"-c", "commit.gpgsign=false",
		}, args...)...)
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	git("init", "-q")
	for _, order := range [][2]string{{"a", "b"}, {"b", "a"}} {
		write(t, filepath.Join(dir, "src", "q.c"), "void twice(int n)\n{\n    virMutexLock(&"+order[0]+
			");\n    virMutexLock(&"+order[1]+");\n    virMutexUnlock(&"+order[1]+");\n    virMutexUnlock(&"+order[0]+
			");\n}\n\nvoid other(char *name)\n{\n    virMutexLock(lockOf(name));\n    take(find(name));\n}\n\n"+
			"void leaves(void)\n{\n    virMutexLock(&a);\n}\n")
		git("add", ".")
		git("commit", "-qm", order[0])
	}
	return dir, git("rev-parse", "HEAD")
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

const (
	suiteHead = "suite: x\nprotocol: p.c\ntree: src\nscenarios:\n"
	both      = "  - {name: both, threads: ['twice()', 'back()'], expect: {deadlock: lock-order}}\n"
	alone     = "  - {name: alone, threads: ['twice()'], expect: ok}\n"
	helpers   = "virMutex a, b;\nstruct s { int refs __attribute__((refcount)); };\nvoid take(struct s *x) { access(x); }\n" +
		"void back(void)\n{\n    virMutexLock(&b);\n    virMutexLock(&a);\n    virMutexUnlock(&a);\n    virMutexUnlock(&b);\n}\n"
)

// The suite of a row runs at its fix and before.
func TestSuites(t *testing.T) {
	repo, fix := history(t)
	for name, tt := range map[string]struct {
		suite, unshown, want string
	}{
		"shown":   {suiteHead + both + alone, "", "100 1 100 | "},
		"no":      {"", "no reason\n", "0 0 0 | not measured: it has no suite"},
		"told":    {"", "A\tits lock is not known\n", "0 0 0 | not measured: its lock is not known"},
		"ok":      {suiteHead + both + alone + "  - {name: none, threads: ['back()'], expect: violation}\n", "", "0 0 0 | missed: none: ok"},
		"kind":    {strings.Replace(suiteHead+both+alone, "lock-order", "lost-wakeup", 1), "", "0 0 0 | missed: both: deadlock: lock-order"},
		"unknown": {suiteHead + both + alone + "  - {name: o, threads: ['other()'], expect: ok}\n", "", "0 0 0 | not measured: not sliced: src/q.c:12:10: which struct s * object find(name) is, is not known"},
		"still": {
			suiteHead + both + alone + "  - {name: leaves, threads: ['leaves()'], expect: {violation: lock-leak}}\n", "",
			"100 0 0 | found: at the fix: leaves: violation: lock-leak",
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, filepath.Join(dir, "p.c"), helpers)
			write(t, filepath.Join(dir, "B.yaml"), suiteHead+both+alone)
			if tt.suite != "" {
				write(t, filepath.Join(dir, "A.yaml"), tt.suite)
			}
			if strings.HasPrefix(tt.unshown, "A\t") {
				write(t, filepath.Join(dir, "unshown.tsv"), tt.unshown)
			}
			got, errs, code := recall(t, dir, repo, fix)
			if code != exitOK {
				t.Fatal(code, errs)
			}
			if !strings.Contains(got, tt.want) {
				t.Errorf("got %s\nwant %s", got, tt.want)
			}
		})
	}
}

// recall measures the row A, whose suite is in a folder, and says what it found in one line.
func recall(t *testing.T, dir, repo, fix string) (line, errs string, code int) {
	t.Helper()
	table := filepath.Join(t.TempDir(), "bugs.tsv")
	write(t, table, "id\tfix_sha\tclass\tdetect\tfile\tfunctions\n"+
		"A\t"+fix+"\tlock-order\tinterleaving\tsrc/q.c\ttwice\nB\t"+fix+"\tlock-order\tinterleaving\tsrc/q.c\ttwice\n"+
		"C\t"+fix+"\tlock-order\tintra\tsrc/q.c\ttwice\n")
	var out, e bytes.Buffer
	code = run(t.Context(), []string{"--tsv", table, "--git", repo, "--suites", dir, "--id", "A"}, &out, &e)
	lines := strings.Split(out.String(), "\n")
	if code != exitOK || len(lines) < 2 {
		return "", e.String(), code
	}
	cells := strings.Fields(lines[1])
	line = strings.Join(cells[len(cells)-3:], " ") + " | "
	for i, l := range lines {
		if strings.HasPrefix(l, "A ") {
			_, state, _ := strings.Cut(l, "interleaving ")
			state, _, _ = strings.Cut(state, " (")
			_, why, _ := strings.Cut(lines[i+2], ": ")
			line += state + ": " + why
		}
	}
	return line, e.String(), code
}

// What a folder of suites cannot have is an error.
func TestBadSuites(t *testing.T) {
	repo, fix := history(t)
	for name, tt := range map[string]struct{ file, text, want string }{
		"no row":        {"D.yaml", suiteHead, "D.yaml: the tables have no row D"},
		"no suite":      {"", "", "has no suites"},
		"no reason":     {"unshown.tsv", "A\n", "unshown.tsv: line 1: no id with a reason"},
		"unknown":       {"unshown.tsv", "C\tx\nD\tx\n", "unshown.tsv: line 2: the tables have no row D"},
		"both":          {"unshown.tsv", "B\tx\n", "unshown.tsv: line 1: B has a suite"},
		"nothing found": {"A.yaml", suiteHead + alone, "A: the suite expects no finding, or nothing to be ok"},
		"nothing ok":    {"A.yaml", suiteHead + both, "A: the suite expects no finding, or nothing to be ok"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, filepath.Join(dir, "p.c"), helpers)
			if tt.file != "" {
				write(t, filepath.Join(dir, "B.yaml"), suiteHead+both+alone)
				write(t, filepath.Join(dir, tt.file), tt.text)
			}
			if _, errs, code := recall(t, dir, repo, fix); code != exitBad || !strings.Contains(errs, tt.want) {
				t.Errorf("%d: %s, want %s", code, errs, tt.want)
			}
		})
	}
}
