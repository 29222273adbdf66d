package syntax

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestLibvirt parses a libvirt tree in Tolerant mode and compares the functions found, file by
// file, with those ctags finds. LOCKPROOF_LIBVIRT_SRC names the tree.
func TestLibvirt(t *testing.T) {
	root := os.Getenv("LOCKPROOF_LIBVIRT_SRC")
	if root == "" {
		t.Skip("LOCKPROOF_LIBVIRT_SRC does not name a libvirt source tree")
	}
	if _, err := exec.LookPath("ctags"); err != nil {
		t.Skip("ctags is not installed")
	}
	var total, ours, bad, missing, extra, badDecls int
	for _, path := range cFiles(t, filepath.Join(root, "src")) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, diags := Parse(Source{Name: path, Text: text}, Options{Mode: Tolerant})
		for _, d := range diags {
			t.Logf("%s", d)
		}
		found := map[string]bool{}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *FuncDef:
				if d.Bad {
					bad++
				}
				if !d.FromMacro {
					found[d.Name] = true
				}
			case *BadDecl:
				badDecls++
			}
		}
		ours += len(found)
		expected := ctagsFunctions(t, path)
		total += len(expected)
		for name := range expected {
			if !found[name] {
				missing++
				t.Logf("%s: %s: found by ctags only", path, name)
			}
		}
		for name := range found {
			if !expected[name] {
				extra++
				t.Logf("%s: %s: not found by ctags", path, name)
			}
		}
	}
	t.Logf("functions: %d by ctags, %d here; missing %d, extra %d, bad %d; bad declarations %d", total, ours, missing, extra, bad, badDecls)
	if missing*1000 > total*5 {
		t.Errorf("%d of %d functions are missing, more than 0.5 %%", missing, total)
	}
	if bad*100 > total {
		t.Errorf("%d of %d functions are bad, more than 1 %%", bad, total)
	}
}

// cFiles lists the C files below root in order.
func cFiles(t *testing.T, root string) []string {
	t.Helper()
	var paths []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".c") {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// ctagsFunctions returns the names of the functions ctags finds in a file.
func ctagsFunctions(t *testing.T, path string) map[string]bool {
	t.Helper()
	out, err := exec.Command("ctags", "-x", "--c-kinds=f", "--language-force=c", path).Output()
	if err != nil {
		t.Fatalf("ctags %s: %v", path, err)
	}
	names := map[string]bool{}
	for line := range bytes.Lines(out) {
		if fields := strings.Fields(string(line)); len(fields) > 0 {
			names[fields[0]] = true
		}
	}
	return names
}
