package lower_test

import (
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
)

// drawnStruct writes a struct or union of a few fields, and says what may be asked about its
// layout.
func drawnStruct(r *rand.Rand, word, name string, inner []string) (string, []string) {
	scalars := []string{"char", "short", "int", "long", "_Bool", "unsigned char", "void *", "long long", "unsigned", "double", "float"}
	var b strings.Builder
	var asked []string
	fmt.Fprintf(&b, "%s %s { ", word, name)
	for i := range 1 + r.IntN(6) {
		f := fmt.Sprintf("f%d", i)
		t := scalars[r.IntN(len(scalars))]
		switch k := r.IntN(10); {
		case k < 3:
			bits := map[string]int{"char": 8, "short": 16, "int": 32, "unsigned": 32, "_Bool": 1, "unsigned char": 8}[t]
			if bits == 0 {
				t, bits = "unsigned", 32
			}
			switch r.IntN(5) {
			case 0:
				fmt.Fprintf(&b, "%s : 0; ", t)
			case 1:
				fmt.Fprintf(&b, "%s : %d; ", t, 1+r.IntN(bits))
			default:
				fmt.Fprintf(&b, "%s %s : %d; ", t, f, 1+r.IntN(bits))
			}
			continue
		case k < 5:
			fmt.Fprintf(&b, "%s %s[%d]; ", t, f, 1+r.IntN(3))
		case k < 7 && len(inner) > 0:
			fmt.Fprintf(&b, "%s %s; ", inner[r.IntN(len(inner))], f)
		case k < 8:
			fmt.Fprintf(&b, "%s { char c%d; %s %s; }; ", []string{"struct", "union"}[r.IntN(2)], i, t, f)
		default:
			fmt.Fprintf(&b, "%s %s; ", t, f)
		}
		asked = append(asked, fmt.Sprintf("offsetof(%s %s, %s)", word, name, f))
	}
	b.WriteString("char last; };\n")
	asked = append(asked, fmt.Sprintf("offsetof(%s %s, last)", word, name), fmt.Sprintf("sizeof(%s %s)", word, name), fmt.Sprintf("_Alignof(%s %s)", word, name))
	return b.String(), asked
}

// TestLayout holds sizes, alignments and offsets of random structs and unions against those of the
// C compiler.
func TestLayout(t *testing.T) {
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		t.Skip("the Debian package gcc is not installed")
	}
	r := rand.New(rand.NewPCG(7, 11))
	var src, prints, asserts strings.Builder
	var names, asked []string
	for i := range 150 {
		word := []string{"struct", "struct", "union"}[i%3]
		text, more := drawnStruct(r, word, fmt.Sprintf("s%d", i), names)
		src.WriteString(text)
		names, asked = append(names, fmt.Sprintf("%s s%d", word, i)), append(asked, more...)
	}
	for _, e := range asked {
		fmt.Fprintf(&prints, "printf(\"%%zu\\n\", %s);\n", e)
	}
	program := filepath.Join(t.TempDir(), "program")
	cc := exec.CommandContext(t.Context(), gcc, "-w", "-x", "c", "-", "-o", program)
	cc.Stdin = strings.NewReader("#include <stddef.h>\n#include <stdio.h>\n" + src.String() + "int main(void) {" + prints.String() + "}")
	if out, err := cc.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.CommandContext(t.Context(), program).Output()
	if err != nil {
		t.Fatal(err)
	}
	for i, n := range strings.Fields(string(out)) {
		fmt.Fprintf(&asserts, "assert(%s == %s);\n", asked[i], n)
	}
	p, err := build(t, src.String()+"void f(void) {\n"+asserts.String()+"}", "f()")
	if err != nil {
		t.Fatal(err)
	}
	res, err := search.Search(t.Context(), p, search.Options{})
	if err != nil || res.Verdict != model.OK {
		t.Errorf("%s %v %v", res.Verdict, res.Findings, err)
	}
}

// What is found at an address is what C finds there, whatever the way to it.
func TestAddresses(t *testing.T) {
	const types = "struct in { int a; long b; }; struct out { struct in x; struct in y[2]; int n; } v[2];\n"
	for name, body := range map[string]string{
		"first field":        "struct in *p = (struct in *) &v[1]; p->a = 1; assert(v[1].x.a == 1);",
		"first of the first": "int *p = (int *) v; *p = 2; assert(v[0].x.a == 2);",
		"back":               "int *p = &v[1].x.a; struct out *q = (struct out *) p; q->n = 3; assert(v[1].n == 3);",
		"element":            "struct in *p = (struct in *) ((char *) v + sizeof(v[0]) + offsetof(struct out, y[1])); p->b = 4; assert(v[1].y[1].b == 4);",
		"down":               "struct in *p = &v[1].y[1]; struct out *q = (struct out *) ((char *) p - offsetof(struct out, y[1])); assert(q == v + 1 && q - v == 1);",
		"through the middle": "char *p = (char *) v; p++; p += offsetof(struct out, n) - 1; *(int *) p = 5; assert(v[0].n == 5);",
		"void":               "void *p = &v[1]; p -= sizeof(v[0]); assert(p == v);",
		"before":             "char *p = (char *) v - 8; p += 8; assert((struct out *) p == v);",
		"end":                "struct out *p = (struct out *) ((char *) v + sizeof(v)); assert(p == v + 2 && p > v && p - v == 2);",
		"bytes between":      "assert((char *) &v[0].n - (char *) &v[0].y[0].b == 32 - 8 && (char *) &v[1] > (char *) &v[0].n);",
	} {
		t.Run(name, func(t *testing.T) {
			p, err := build(t, types+"void f(void) { "+body+" }", "f()")
			if err != nil {
				t.Fatal(err)
			}
			if r, err := search.Search(t.Context(), p, search.Options{}); err != nil || r.Verdict != model.OK {
				t.Errorf("%s %s %v", r.Verdict, r.Kind, err)
			}
			if err := compiler(t)(t, types+"void f(void) { "+body+" }\nint main(void) { f(); return 0; }\n"); err != nil {
				t.Error(err)
			}
		})
	}
}
