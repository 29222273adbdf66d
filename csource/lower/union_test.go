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

// A puns draws programs of one thread that store in unions and read them.
type puns struct {
	*rand.Rand
	types strings.Builder
	parts []string // of one union: ways to scalars, those of pointers end in a star
	body  strings.Builder
	reads int
}

func (p *puns) pick(list ...string) string { return list[p.IntN(len(list))] }

// scalar declares a scalar, and notes the way there.
func (p *puns) scalar(b *strings.Builder, name, way string) {
	t := p.pick("signed char", "unsigned char", "short", "unsigned short", "int", "unsigned", "int", "long", "unsigned long", "void *", "int *")
	fmt.Fprintf(b, "%s %s; ", t, name)
	if strings.HasSuffix(t, "*") {
		way += "*"
	}
	p.parts = append(p.parts, way)
}

// union declares a union, and finds what is in it.
func (p *puns) union(name string) {
	var b strings.Builder
	p.parts = nil
	for i := range 2 + p.IntN(3) {
		m := fmt.Sprintf("m%d", i)
		switch p.IntN(6) {
		case 0:
			b.WriteString("struct { ")
			for k := range 1 + p.IntN(3) {
				p.scalar(&b, fmt.Sprintf("f%d", k), fmt.Sprintf("%s.f%d", m, k))
			}
			fmt.Fprintf(&b, "} %s; ", m)
		case 1:
			b.WriteString("union { ")
			for k := range 1 + p.IntN(2) {
				p.scalar(&b, fmt.Sprintf("f%d", k), fmt.Sprintf("%s.f%d", m, k))
			}
			fmt.Fprintf(&b, "} %s; ", m)
		case 2:
			t := p.pick("int", "unsigned char", "short")
			fmt.Fprintf(&b, "%s %s[2]; ", t, m)
			p.parts = append(p.parts, m+"[0]", m+"[1]")
		default:
			p.scalar(&b, m, m)
		}
	}
	fmt.Fprintf(&p.types, "union %s { %s};\nunion %s %s_a, %s_b;\nunion %s %s_same(union %s x) { return x; }\n", name, b.String(), name, name, name, name, name, name)
}

// program writes what a function does; READ(x) is what the compiler is asked for.
func (p *puns) program(name string) {
	fmt.Fprintf(&p.body, "void %s_f(void) {\n", name)
	variables := []string{name + "_a", name + "_b", "c", "d"}
	fmt.Fprintf(&p.body, "union %s c = { 0 }, d; memset(&c, 0, sizeof(c)); memset(&d, 0, sizeof(d));\n", name)
	last := p.pick(p.parts...)
	for range 4 + p.IntN(8) {
		v := p.pick(variables...)
		if p.IntN(3) > 0 { // some programs use one member alone, or few
			last = p.pick(last, p.pick(p.parts...))
		}
		part, pointer := strings.CutSuffix(last, "*")
		switch p.IntN(7) {
		case 0, 1:
			value := fmt.Sprint(p.pick("-1", "1", "200", "70000", "-129", "0", "5000000000"))
			if pointer {
				value = p.pick("&target", "0")
			}
			fmt.Fprintf(&p.body, "%s.%s = %s;\n", v, part, value)
		case 2:
			fmt.Fprintf(&p.body, "%s = %s;\n", v, p.pick(variables...))
		case 3:
			fmt.Fprintf(&p.body, "%s = %s_same(%s);\n", v, name, p.pick(variables...))
		default:
			read := fmt.Sprintf("(long) %s.%s", v, part)
			if pointer {
				read = fmt.Sprintf("(%s.%s == &target) + 2 * !%s.%s", v, part, v, part)
			}
			p.reads++
			fmt.Fprintf(&p.body, "READ(%s)\n", read)
		}
	}
	p.body.WriteString("}\n")
}

// TestPuns holds what is read in unions against what the C compiler reads there: it is the same, or
// refused.
func TestPuns(t *testing.T) {
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		t.Skip("the Debian package gcc is not installed")
	}
	const count = 150
	p := &puns{Rand: rand.New(rand.NewPCG(3, 5))}
	var types, bodies []string
	var main strings.Builder
	for i := range count {
		name := fmt.Sprintf("u%d", i)
		p.types.Reset()
		p.body.Reset()
		p.union(name)
		p.program(name)
		types, bodies = append(types, p.types.String()), append(bodies, p.body.String())
		fmt.Fprintf(&main, "%s_f(); ", name)
	}
	program := filepath.Join(t.TempDir(), "program")
	cc := exec.CommandContext(t.Context(), gcc, "-w", "-x", "c", "-", "-o", program)
	cc.Stdin = strings.NewReader("#include <stdio.h>\n#include <string.h>\n#define READ(x) printf(\"%ld\\n\", (long) (x));\nint target;\n" +
		strings.Join(types, "") + strings.Join(bodies, "") + "int main(void) { " + main.String() + "}")
	if out, err := cc.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.CommandContext(t.Context(), program).Output()
	if err != nil {
		t.Fatal(err)
	}
	values := strings.Fields(string(out))
	if len(values) != p.reads {
		t.Fatalf("%d values of %d reads", len(values), p.reads)
	}
	same := 0
	for i := range count {
		src := "int target;\n" + types[i]
		for line := range strings.Lines(bodies[i]) {
			if x, ok := strings.CutPrefix(line, "READ("); ok {
				line = fmt.Sprintf("assert((%s) == %s);\n", strings.TrimSuffix(x, ")\n"), values[0])
				values = values[1:]
			}
			src += line
		}
		prog, err := build(t, src, fmt.Sprintf("u%d_f()", i))
		if err != nil {
			if !strings.Contains(err.Error(), "overlaps") && !strings.Contains(err.Error(), "was stored as") {
				t.Errorf("%s%v", src, err)
			}
			continue
		}
		r, err := search.Search(t.Context(), prog, search.Options{})
		if err != nil || r.Verdict != model.OK {
			t.Errorf("%s%s %v %v", src, r.Verdict, r.Findings, err)
		}
		same++
	}
	t.Logf("%d of %d programs are modelled", same, count)
	if same < count/3 {
		t.Errorf("only %d of %d programs are modelled", same, count)
	}
}
