//go:build unix

package files

import (
	"os"
	"path/filepath"
	"testing"
)

// A project is the nearest repository above a path, whatever the working directory, and what it
// holds is called as the path was.
func TestFindProject(t *testing.T) {
	base, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("HOME", filepath.Join(base, "home"))
	for _, dir := range []string{"repo/.git", "repo/a/b", "plain/a", "home/.git", "home/x", "linked", "inner/.git", "outer/.git", "outer/in"} {
		if err := os.MkdirAll(filepath.Join(base, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"repo/a/b/s.yaml", "plain/a/s.yaml", "home/x/s.yaml", "linked/s.yaml", "outer/in/s.yaml", "outer/in/.git"} {
		if err := os.WriteFile(filepath.Join(base, file), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{"linked/.git": "../repo/.git", "work": "repo/a"} {
		if err := os.Symlink(to, filepath.Join(base, name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ from, path, root, dir, name, shown string }{
		{"", "repo/a/b/s.yaml", "", "repo", "a/b/s.yaml", "repo/x.c"},
		{"repo/a/b", "s.yaml", "", "../..", "a/b/s.yaml", "../../x.c"},
		{"work/b", "s.yaml", "", "../..", "a/b/s.yaml", "../../x.c"}, // a link to the working directory
		{"repo", "a", "", ".", "a", "x.c"},
		{"plain", base + "/repo/a/b/s.yaml", "", base + "/repo", "a/b/s.yaml", base + "/repo/x.c"},
		{"plain", "../repo/a/b/s.yaml", "", "../repo", "a/b/s.yaml", "../repo/x.c"},
		{"", "plain/a/s.yaml", "", "plain/a", "s.yaml", "plain/a/x.c"},
		{"plain", "a", "", "a", ".", "a/x.c"},
		{"plain/a", "s.yaml", "", ".", "s.yaml", "x.c"},
		{"plain/a", "s.yaml", "..", "..", "a/s.yaml", "../x.c"},
		{"", "repo/a/b/s.yaml", "repo/a/b", "repo/a/b", "s.yaml", "repo/a/b/x.c"}, // narrower
		{"", "home/x/s.yaml", "", "home/x", "s.yaml", "home/x/x.c"},
		{"", "linked/s.yaml", "", "linked", "s.yaml", "linked/x.c"},
		{"", "outer/in/s.yaml", "", "outer/in", "s.yaml", "outer/in/x.c"}, // a work tree: .git is a file
	} {
		t.Chdir(filepath.Join(base, c.from))
		p, err := FindProject(c.path, c.root)
		if err != nil {
			t.Errorf("%s: %v", c.path, err)
			continue
		}
		if p.Dir != c.dir || p.Name != c.name || p.Shown("x.c") != c.shown {
			t.Errorf("%s from %s: %s, %s, %s, want %s, %s, %s", c.path, c.from, p.Dir, p.Name, p.Shown("x.c"), c.dir, c.name, c.shown)
		}
	}
	t.Chdir(base)
	for path, root := range map[string]string{"nowhere": "", "plain/a": "repo", "plain": "plain/a"} {
		if _, err := FindProject(path, root); err == nil {
			t.Errorf("%s below %q: no error", path, root)
		}
	}
}

func TestLooksLike(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "int main(void) { }": "", "/* c */\n#include <x.h>\n": "", "suite: s\n": "",
		"\x7fELF\x02": "an ELF binary", "MZ\x90\x00": "a Windows binary", "MZ_macro(x);": "", "%PDF-1.7\n": "a PDF", "a\x00b": "a binary file",
		"\x1f\x8b\x08": "a gzip file", "PK\x03\x04": "a ZIP archive", "{\"a\": 1}": "JSON", "{\n  \"a\": 1}": "JSON", "[{\"a\": 1}]": "JSON", "[1, 2]": "JSON",
		"{ int x; }": "", "<?xml version": "XML or HTML", "<!DOCTYPE html>": "XML or HTML", "#!/bin/sh\n": "a script",
		"diff --git a b": "a patch", "2026-01-01 10:00 x": "a log", "[2026-01-01T10:00:01] x": "a log", "Nov 26 08:00:01 host x": "a log", "12:00:01.5 x": "a log",
		"2026": "",
	} {
		if got, _ := LooksLike([]byte(text)); got != want {
			t.Errorf("%q looks like %q, want %q", text, got, want)
		}
	}
}
