package difftest

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

var broken = flag.Bool("broken", false, "see TestCompiler fail when one thing is broken on purpose; takes minutes")

// breaks are small mistakes in what TestCompiler looks at.
var breaks = map[string]struct{ file, old, new string }{
	"a narrow type keeps too many bits": {
		"lower/integer.go", "unused := 64 - t.bits",
		"unused := 64 - max(t.bits, 16)",
	},
	"bool takes the low bit": {
		"lower/integer.go", "return t.kind == tInt && t.bits == 1 && (!t.bitField || t.name == boolType.name)",
		"return false",
	},
	"unsigned loses to signed": {
		"lower/integer.go", "t.bits == u.bits && t.unsigned:",
		"t.bits == u.bits && !t.unsigned:",
	},
	"a shift to the right fills with zeros": {
		"lower/integer.go", "\treturn x >> y, true",
		"\treturn t.wrap(int64(uint64(x) >> y)), true",
	},
	"a bit-field has one bit less": {
		"lower/enum.go", "b.bits, b.bitField = uint8(n), true",
		"b.bits, b.bitField = uint8(max(n-1, 1)), true",
	},
	"an operand is read after the next one": {
		"lower/expr.go", "x = b.settled(x, b.hasEffect(e.Y))",
		"_ = b.hasEffect",
	},
	"op= reads after its right side": {
		"lower/assign.go", "old = b.settled(b.load(e.X, p), b.hasEffect(e.Y))",
		"old = b.load(e.X, p)",
	},
	"an argument is read after the next one": {
		"flow/value.go", "if i < last && !b.stays(*p, effects[i+1]) {",
		"if i < last && !b.stays(*p, false) {",
	},
	"an atomic op= is two steps": {
		"lower/scope.go", "if i.Old {",
		"if false && i.Old {",
	},
	"++x is what x was": {
		"lower/assign.go", "\tif prefix {\n\t\treturn x, p.typ\n\t}\n\treturn old",
		"\treturn old",
	},
	"assert never fails": {
		"lower/check.go", "if c.read(i.a).isTrue() {",
		"if i.kind == model.AssertKind || c.read(i.a).isTrue() {",
	},
	"requires never fails": {
		"lower/check.go", "if c.read(i.a).isTrue() {",
		"if i.kind == model.RequiresKind || c.read(i.a).isTrue() {",
	},
	"a case does not fall through": {
		"flow/stmt.go", "\t\tto := &Block{}\n\t\tb.goOn(s.Pos(), to)",
		"\t\tto := &Block{}\n\t\tb.leaps(s.Pos(), b.targets[len(b.targets)-1].breaks, b.env)\n\t\tb.goOn(s.Pos(), to)",
	},
	"continue passes over the end of a for": {
		"flow/stmt.go", "t.continues != nil {\n\t\t\t\tb.leaps(s.Pos(), t.continues, t.env)",
		"t.continues != nil {\n\t\t\t\tb.leaps(s.Pos(), t.breaks, t.env)",
	},
	"memcpy goes from back to front": {
		"lower/copy.go", "for i, f := range t.strukt.fields {",
		"for i := range t.strukt.fields {\n\t\t\ti = len(t.strukt.fields) - 1 - i\n\t\t\tf := t.strukt.fields[i]",
	},
	"sem_post adds two": {
		"lower/semaphore.go", "s.to(x, x+1, intValue(0))",
		"s.to(x, x+2, intValue(0))",
	},
	"a writer comes in beside readers": {
		"lower/rwlock.go", "\t\tcase at.busy():\n\t\t\tif !at.prefers",
		"\t\tcase at.writer:\n\t\t\tif !at.prefers",
	},
	"once runs twice": {
		"lower/once.go", "s.to(x, onceDone, value{})",
		"s.to(x, onceFresh, value{})",
	},
	"a pointer beside an array is followed": {
		"lower/pointer.go", "return v.n != 0 || v.field < 0 || v.field >= len(w.objects[v.obj].cells)",
		"return v.n != 0 || v.field < 0 || v.field > len(w.objects[v.obj].cells)",
	},
	"a local that was never set is 0": {
		"lower/undefined.go", "if o.slot < 0 || c.read(o).kind != vUnset {",
		"if true {",
	},
	"a signal wakes nobody": {
		"../model/machine.go", "put(&woken, th.pc, uint64(at.wake))",
		"_ = at.wake",
	},
	"the interpreter narrows nothing": {
		"interp/integer.go", "size := int64(1) << t.bits",
		"size := int64(1) << max(t.bits, 16)",
	},
}

// Each thing that TestBroken breaks is there, so that it breaks it.
func TestBreaks(t *testing.T) {
	for name, x := range breaks {
		text, err := os.ReadFile(filepath.Join("..", x.file))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Count(string(text), x.old) != 1 {
			t.Errorf("%s: %s does not have once: %s", name, x.file, x.old)
		}
	}
}

// TestBroken breaks one thing at a time, and sees TestCompiler fail.
func TestBroken(t *testing.T) {
	if !*broken {
		t.Skip("only with -broken")
	}
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("the Debian package gcc is not installed")
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range breaks {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(root, x.file)
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Count(string(text), x.old) != 1 {
				t.Fatalf("%s does not have once: %s", x.file, x.old)
			}
			dir := t.TempDir()
			in := func(name string) string { return filepath.Join(dir, name) }
			patched, overlay, binary := in("patched.go"), in("overlay.json"), in("broken.test")
			if err := os.WriteFile(patched, []byte(strings.Replace(string(text), x.old, x.new, 1)), 0o600); err != nil {
				t.Fatal(err)
			}
			replace, err := json.Marshal(map[string]map[string]string{"Replace": {file: patched}})
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(overlay, replace, 0o600); err != nil {
				t.Fatal(err)
			}
			build := exec.CommandContext(t.Context(), "go", "test", "-c", "-overlay", overlay, "-o", binary, ".")
			if out, err := build.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			out, err := exec.CommandContext(t.Context(), binary, "-test.run", "TestCompiler", "-tries", "0", "-batch", "50",
				"-programs", strconv.Itoa(*programs), "-seed", strconv.FormatUint(*seed, 10)).CombinedOutput()
			if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) {
				t.Fatalf("nothing differs: %v", err)
			}
			t.Logf("%.200s", out)
		})
	}
}
