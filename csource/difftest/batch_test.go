package difftest

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

//go:embed testdata/twin.h
var twinHeader []byte

//go:embed testdata/twin.c
var twinSource []byte

// A workshop compiles programs.
type workshop struct{ gcc, dir string }

// newWorkshop compiles what all programs run on.
func newWorkshop(ctx context.Context, gcc, dir string) (*workshop, error) {
	w := &workshop{gcc, dir}
	for name, text := range map[string][]byte{"twin.h": twinHeader, "twin.c": twinSource} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			return nil, err
		}
	}
	return w, w.compile(ctx, "-O1", "-c", "-o", "twin.o", "twin.c")
}

func (w *workshop) compile(ctx context.Context, args ...string) error {
	args = append([]string{"-std=gnu17", "-w", "-pipe", "-fno-asynchronous-unwind-tables"}, args...)
	cc := exec.CommandContext(ctx, w.gcc, args...)
	cc.Dir = w.dir
	if out, err := cc.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%.2000s", err, out)
	}
	return nil
}

// A pair is a program with its twin and the walks that both take.
type pair struct {
	n     uint64 // of the program
	p     *program
	m     *modelled
	w     written
	f     walker
	walks []*walk
}

// pairUp makes a pair; nil: the program is too large.
func pairUp(p *program, seed, n uint64, id int) (*pair, error) {
	m, err := p.check()
	if m == nil || err != nil {
		return nil, err
	}
	x := &pair{n: n, p: p, m: m, w: p.twin(id)}
	if x.f, err = m.follow(x.w.shows); err != nil {
		return nil, err
	}
	x.walks, err = x.f.walks(rand.New(rand.NewPCG(seed, n)), 4)
	return x, err
}

// A difference is where a twin does something else.
type difference struct {
	pair *pair
	walk *walk
	step int // after so many
	got  string
	want string
	who  string // differs from the model
}

func (d *difference) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "program %d, after %d steps\nthe model: %s\n%s: %s\n", d.pair.n, d.step, d.want, d.who, d.got)
	b.WriteString("schedule:")
	for _, s := range d.walk.steps[:min(d.step, len(d.walk.steps))] {
		fmt.Fprintf(&b, " %d", s.thread+1)
		if s.choice != 0 {
			fmt.Fprintf(&b, "(%d)", s.choice)
		}
	}
	b.WriteString("\nthreads:")
	for _, t := range d.pair.p.threads {
		fmt.Fprintf(&b, " %s(%s)", strings.TrimPrefix(t.f.name, "@"), strings.Join(t.args, ", "))
	}
	b.WriteString("\n" + d.pair.p.source())
	return b.String()
}

// counts are how many steps were the same.
type counts struct{ steps, interpreted int }

// run compiles pairs and lets them take their walks. It returns the first difference.
func (w *workshop) run(ctx context.Context, name string, pairs []*pair) (counts counts, err error) {
	var src, input bytes.Buffer
	src.WriteString("#include \"twin.h\"\n")
	for _, x := range pairs {
		src.WriteString(x.w.text)
	}
	src.WriteString("struct twin *twins[] = {")
	for id := range pairs {
		fmt.Fprintf(&src, " &p%d_twin,", id)
	}
	src.WriteString(" };\n")
	file := filepath.Join(w.dir, name)
	if err := os.WriteFile(file+".c", src.Bytes(), 0o600); err != nil {
		return counts, err
	}
	defer os.Remove(file)
	defer os.Remove(file + ".c")
	if err := w.compile(ctx, "-O0", "-o", name, name+".c", "twin.o"); err != nil {
		return counts, err
	}
	for id, x := range pairs {
		for _, walk := range x.walks {
			input.WriteString(walk.input(x.f.flags(), id))
		}
	}
	cmd := exec.CommandContext(ctx, file)
	cmd.Stdin = &input
	out, err := cmd.Output()
	lines := strings.Split(string(out), "\n")
	if err != nil {
		lines = append(lines[:len(lines)-1], fmt.Sprintf("the program ends with %v", err))
	}
	for _, x := range pairs {
		p := x.interprets()
		for _, walk := range x.walks {
			if len(lines) > 0 && strings.HasPrefix(lines[0], "run ") {
				lines = lines[1:]
			}
			var first []string
			for i, want := range walk.seen {
				got := ""
				if len(lines) > 0 {
					got, lines = lines[0], lines[1:]
				}
				if text, ok := compare(x.w.shows, want, got, &first); !ok {
					return counts, &difference{x, walk, i, got, text, "the compiler"}
				}
				counts.steps++
			}
			if p == nil {
				continue
			}
			n, err := x.interpret(p, walk, first)
			if counts.interpreted += n; err != nil {
				return counts, err
			}
		}
	}
	return counts, nil
}

// compare holds a line against what is to be seen. What the model has no variable for stays as it
// was first.
func compare(shows []observed, want seen, got string, first *[]string) (string, bool) {
	if want.failed != "" {
		return "failed " + want.failed, got == "failed "+want.failed
	}
	fields := strings.Fields(got)
	if len(fields) == 0 {
		fields = []string{""}
	}
	if *first == nil {
		*first = fields
	}
	same := fields[0] == want.threads && len(fields) == len(want.values)+1
	text := want.threads
	for i, v := range want.values {
		if v == "" && i+1 < len(*first) {
			v = (*first)[i+1]
			if shows[i].pointer && i+1 < len(fields) && fields[i+1] != v && shows[i].name != "" {
				v = fields[i+1] // a pointer to a function
			}
		}
		text += " " + v
		same = same && i+1 < len(fields) && fields[i+1] == v
	}
	if !same {
		text += "\n              "
		for i, o := range shows {
			if i+1 < len(fields) && want.values[i] != "" && fields[i+1] != want.values[i] {
				text += fmt.Sprintf(" %s is %s and not %s;", o.name, want.values[i], fields[i+1])
			}
		}
	}
	return text, same
}
