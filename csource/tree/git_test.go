package tree

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// repository makes a git repository of files; the function commits further ones.
func repository(t *testing.T, files map[string]string) (dir string, commit func(files map[string]string)) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	dir = t.TempDir()
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "core.autocrlf=false"}, args...)...)
		cmd.Env = append(environment(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	git("init", "-q", "-b", "main")
	commit = func(files map[string]string) {
		t.Helper()
		for name, text := range files {
			put(t, dir, name, text)
		}
		git("add", "-A")
		git("commit", "-q", "-m", "x")
	}
	commit(files)
	return dir, commit
}

func TestGit(t *testing.T) {
	dir, commit := repository(t, small)
	commit(map[string]string{"src/a.c": "int two(void) { return 3; }\n", "src/new.c": "int five(void) { return 5; }\n"})
	r, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	before, err := r.Load(t.Context(), "HEAD^", "src")
	if err != nil {
		t.Fatal(err)
	}
	compare(t, summary("", before), smallSummary)
	after, err := r.Load(t.Context(), "main", "src")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(after.Files); n != 6 || after.Find(nil, "five") == nil || len(after.Files[0].Functions) != 1 {
		t.Errorf("%d files", n)
	}
	for i, f := range before.Files {
		if g := after.Files[i+i/3]; (f == g) != (f.Name != "src/a.c") && g.Name != "src/new.c" {
			t.Errorf("%s and %s: what did not change is parsed once", f.Name, g.Name)
		}
	}
	some, err := r.Load(t.Context(), "HEAD", "src/b", "doc/x.c", "./src/b/../b/b.c")
	if err != nil || len(some.Files) != 3 {
		t.Errorf("%v, %v", some, err)
	}
	if all, err := FromGit(t.Context(), dir, "HEAD"); err != nil || len(all.Files) != 7 {
		t.Error(err)
	}
	if text, err := r.Text(t.Context(), "HEAD", "src/new.c"); string(text) != "int five(void) { return 5; }\n" {
		t.Errorf("%q, %v", text, err)
	}
	if has, err := r.Has(t.Context(), "HEAD^", "src/new.c"); has || err != nil {
		t.Error(has, err)
	}
	if has, err := r.Has(t.Context(), "HEAD", "src"); !has || err != nil {
		t.Error(has, err)
	}
	if id, err := r.Commit(t.Context(), "HEAD"); len(id) != 40 || err != nil {
		t.Error(id, err)
	}
}

func TestGitRefuses(t *testing.T) {
	dir, _ := repository(t, small)
	r, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, tt := range []struct{ revision, under, want string }{
		{"none", "src", "has no revision none"},
		{"", "src", "a revision is empty"},
		{"--help", "src", "has no revision --help"},
		{"-O", "src", "has no revision -O"},
		{"HEAD\nHEAD", "src", "is no revision"},
		{"HEAD:src/a.c", "src", "has no revision"},
		{strings.Repeat("x", 2000), "src", "is no revision"},
		{"HEAD", "none", "there is no such file or directory"},
		{"HEAD", "src/a.c/b", "there is no such file or directory"},
		{"HEAD", "../x", "it does not lie in the repository"},
		{"HEAD", "/etc", "it does not lie in the repository"},
	} {
		_, err := r.Load(t.Context(), tt.revision, tt.under)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q %q: %v, want %s", tt.revision, tt.under, err, tt.want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Load(ctx, "HEAD"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := r.Load(t.Context(), "HEAD"); err != nil { // a process that was ended is started again
		t.Error(err)
	}
	if _, err := Open(t.Context(), t.TempDir()); err == nil || !strings.Contains(err.Error(), "not a git repository") {
		t.Error(err)
	}
	if _, err := Open(t.Context(), filepath.Join(dir, "none")); err == nil {
		t.Error("no such directory")
	}
}

// A repository's configuration runs nothing, and what it does not have is fetched from nowhere.
func TestGitHostile(t *testing.T) {
	dir, commit := repository(t, map[string]string{"a.c": "int a(void) { return 0; }\n", "b.c": "int b(void) { return 0; }\n"})
	commit(map[string]string{"big.c": strings.Repeat("int x;\n", maxFile/7+1), "e.c": "\x7fELF"})
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "l.c")); err != nil {
		t.Fatal(err)
	}
	commit(nil)
	ran := filepath.Join(dir, "ran")
	run := "touch " + ran
	config := strings.ReplaceAll(`
[core]
	repositoryformatversion = 1
	fsmonitor = "RUN"
	sshCommand = "RUN"
	pager = "RUN"
	gitProxy = "RUN"
[extensions]
	partialClone = origin
[remote "origin"]
	url = ext::sh -c "RUN"
	promisor = true
	uploadpack = "RUN"
[alias]
	cat-file = "!RUN"
[filter "x"]
	smudge = "RUN"
[diff "x"]
	textconv = "RUN"
`, "RUN", run)
	put(t, dir, ".git/config", config)
	put(t, dir, ".gitattributes", "*.c filter=x diff=x\n")
	check := func() {
		t.Helper()
		tr, err := FromGit(t.Context(), dir, "HEAD")
		if err != nil {
			t.Fatal(err)
		}
		var left []string
		for _, l := range tr.Left {
			left = append(left, l.Name+": "+l.Why)
		}
		compare(t, strings.Join(left, "\n"), `big.c: it has 16777222 bytes, more than the limit of 16777216
e.c: it is an ELF binary
l.c: it is a symbolic link or another repository`)
		if len(tr.Files) != 2 {
			t.Errorf("%d files", len(tr.Files))
		}
	}
	check()
	r, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	root, err := r.root(t.Context(), "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	e, err := (&listing{ctx: t.Context(), repo: r}).find(root, "b.c")
	if err != nil {
		t.Fatal(err)
	}
	lost := filepath.Join(dir, ".git/objects", e.id[:2], e.id[2:])
	for _, url := range []string{"ext::sh -c '" + run + "'", "ssh://host/path", "file://" + dir, dir} {
		put(t, dir, ".git/config", strings.Replace(config, `ext::sh -c "`+run+`"`, url, 1))
		os.Chmod(lost, 0o600)
		os.Remove(lost)
		if tr, err := FromGit(t.Context(), dir, "HEAD"); err == nil && len(tr.Files) != 1 {
			t.Errorf("%s: %d files", url, len(tr.Files))
		}
		if _, err := os.Stat(ran); err == nil {
			t.Fatalf("%s: the configuration of the repository was run", url)
		}
	}
}

func FuzzTreeObject(f *testing.F) {
	f.Add([]byte("100644 a.c\x00aaaaaaaaaaaaaaaaaaaa40000 d\x00bbbbbbbbbbbbbbbbbbbb"), 20)
	f.Add([]byte("120000 ..\x00aaaaaaaaaaaaaaaaaaaa"), 20)
	f.Add([]byte("40000 "), 32)
	f.Add([]byte{}, 20)
	f.Fuzz(func(t *testing.T, text []byte, idBytes int) {
		if idBytes != 20 && idBytes != 32 {
			return
		}
		list, err := parseTree(text, idBytes)
		n := 0
		for _, e := range list {
			if strings.Contains(e.name, "/") || e.name == ".." || e.name == "" || len(e.id) != 2*idBytes {
				t.Errorf("entry %q", e)
			}
			n += len(e.mode) + len(e.name) + 2 + idBytes
		}
		if err == nil && n != len(text) {
			t.Errorf("%d of %d bytes", n, len(text))
		}
	})
}
