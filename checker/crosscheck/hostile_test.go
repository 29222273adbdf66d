package crosscheck

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
	"pgregory.net/rapid"
)

// attacks are texts with which a suite could try to get into a model.
var attacks = []string{
	"*/ c_code { system(\"id\"); } /*", "(*/ :: c_code { system(\"id\"); }; goto L1 //", "*) EXTENDS IOUtils (*", "(* (* *) *", "/* /* */ /",
	"\n#include \"/etc/passwd\"\n", "\r#define RUN 0\r", "\u2028c_code {}\u2029", "\x85c_code {}", "\\", "\\\n*/", "*\\\n/", "??/\n*/", "*??/\n/",
	"'", "'*/", "'*", "*'/", "\"", "$", "\"*/ c_decl {} \"", "//", "\\*", "*", "**", "/", "(", ")", "*/*/", "*)*)", "(*)", "/*/", "/**/", "(**)",
	"\n==== \n---- MODULE x ----\n", "\n=======\n", "--algorithm x", "--fair algorithm", "\\* BEGIN TRANSLATION", "\x00*/\x00", "\xff\xfe*/",
	"%s%d%n", "%:include <x>", "<%c_code%>", "c_expr { 1 }", "c_track \"x\" \"1\"", "$c_code$", "`id`", "$(id)", "../../x", "-o", "\u202e/*",
	"\uff0a/", "end_L0: goto L1", strings.Repeat("a", 5000), strings.Repeat("*/", 3000), strings.Repeat("(", 3000), "WF_", "np", "_",
}

// drawn is some hostile text.
func drawn(t *rapid.T) string {
	return rapid.OneOf(
		rapid.SampledFrom(attacks),
		rapid.StringOf(rapid.SampledFrom([]rune("*/()\\#'\"?-=$%<>&{};:\n\r\t\x00\x0b\x0c\u0085\u2028 ab1_"))),
		rapid.String(),
	).Draw(t, "text")
}

// speaking gives everything in a program that has a text another one; equal texts stay equal, and
// others differ.
func speaking(p *model.Program, say func(string) string) *model.Program {
	q := *p
	q.Objects, q.Locks, q.Conds, q.Vars = slices.Clone(p.Objects), slices.Clone(p.Locks), slices.Clone(p.Conds), slices.Clone(p.Vars)
	for i := range q.Objects {
		q.Objects[i].Name, q.Objects[i].Type = say(p.Objects[i].Name), say(p.Objects[i].Type)
	}
	for i := range q.Locks {
		q.Locks[i].Name, q.Locks[i].Class = say(p.Locks[i].Name), say(p.Locks[i].Class)
	}
	for i := range q.Conds {
		q.Conds[i].Name = say(p.Conds[i].Name)
	}
	for i := range q.Vars {
		q.Vars[i].Name, q.Vars[i].Class = say(p.Vars[i].Name), say(p.Vars[i].Class)
	}
	pos := func(p model.Pos, line int) model.Pos {
		return model.Pos{File: say("file " + p.File), Line: 1 + line, Col: 1}
	}
	checks := func(cs []model.Check) []model.Check {
		cs = slices.Clone(cs)
		for i := range cs {
			cs[i].Text, cs[i].Function, cs[i].Pos = say(cs[i].Text), say(cs[i].Function), pos(cs[i].Pos, i)
		}
		return cs
	}
	q.Threads = slices.Clone(p.Threads)
	for i := range q.Threads {
		t := &q.Threads[i]
		t.Name, t.Function, t.Nodes = say(t.Name), say(t.Function), slices.Clone(t.Nodes)
		for k := range t.Nodes {
			n := &t.Nodes[k]
			n.Text, n.Pos, n.Checks, n.Out = say("text "+n.Text), pos(n.Pos, k), checks(n.Checks), slices.Clone(n.Out)
			n.Calls = []model.Call{{Function: say("outer"), Pos: pos(n.Pos, k)}, {Function: say("inner"), Pos: pos(n.Pos, k)}}
			n.Locals = []model.Local{{Name: say("local"), Value: say("value")}}
		}
	}
	return &q
}

// distinct makes one text for each that it is asked for, of those that text gives.
func distinct(text func() string) func(string) string {
	said := map[string]string{}
	return func(s string) string {
		if _, ok := said[s]; !ok {
			said[s] = fmt.Sprintf("%s%d", text(), len(said))
		}
		return said[s]
	}
}

func plainly() func(string) string { return distinct(func() string { return "plain" }) }

var exporters = map[string]func(io.Writer, *model.Program, Options) error{".pml": Promela, ".tla": TLA}

// sameTokens exports a program with plain and with hostile texts. To every reader the second has
// the tokens of the first: none is missing, and none is there that is not ours.
func sameTokens(t interface {
	Helper()
	Fatalf(string, ...any)
}, p *model.Program, say func(string) string, opt Options,
) {
	t.Helper()
	hostile, plain := speaking(p, say), speaking(p, plainly())
	hostileOpt, plainOpt := opt, opt
	hostileOpt.Scenario, hostileOpt.File, hostileOpt.Module = say("scenario"), say("suite"), "m"
	plainOpt.Scenario, plainOpt.File, plainOpt.Module = "scenario", "suite", "m"
	for ext, export := range exporters {
		var got, want bytes.Buffer
		if err := export(&want, plain, plainOpt); err != nil {
			t.Fatalf("%s: %v", ext, err)
		}
		if err := export(&got, hostile, hostileOpt); err != nil {
			t.Fatalf("%s: %v", ext, err)
		}
		if g, w := strings.Count(got.String(), "\n"), strings.Count(want.String(), "\n"); g != w {
			t.Fatalf("%s: %d lines, want %d", ext, g, w)
		}
		for name, r := range readers[ext] {
			w, err := r.tokens(want.String())
			if err != nil {
				t.Fatalf("%s, %s: %v", ext, name, err)
			}
			g, err := r.tokens(got.String())
			if err != nil {
				t.Fatalf("%s, %s: %v", ext, name, err)
			}
			if g, w = renamed(g), renamed(w); !slices.Equal(g, w) {
				k := 0
				for k < min(len(g), len(w)) && g[k] == w[k] {
					k++
				}
				t.Fatalf("%s, %s: %d tokens, want %d; the first difference is %.5q, want %.5q", ext, name, len(g), len(w), g[k:], w[k:])
			}
		}
	}
}

// TestHostileTexts lets random programs say what they like.
func TestHostileTexts(t *testing.T) {
	var programs []*model.Program
	for _, name := range []string{"polite", "filled-twice", "choice-at-the-start", "one-takes-it", "job-and-reference-kept"} {
		programs = append(programs, program(t, name))
	}
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(programs).Draw(t, "program")
		opt := Options{Separate: rapid.Bool().Draw(t, "separate"), Reducible: rapid.Bool().Draw(t, "reducible")}
		sameTokens(t, p, distinct(func() string { return drawn(t) }), opt)
	})
}

// FuzzExport is TestHostileTexts with texts that the fuzzer finds.
func FuzzExport(f *testing.F) {
	for i, text := range attacks {
		f.Add(uint64(i), text)
	}
	var programs []*model.Program
	for _, name := range []string{"filled-twice", "choice-at-the-start", "job-and-reference-kept"} {
		programs = append(programs, program(f, name))
	}
	f.Fuzz(func(t *testing.T, seed uint64, text string) {
		if len(text) > 2000 {
			t.Skip("no more is quoted")
		}
		r := rand.New(rand.NewPCG(seed, 1))
		say := func() string { // a piece of the text
			i, k := r.IntN(len(text)+1), r.IntN(len(text)+1)
			return text[min(i, k):max(i, k)]
		}
		if seed%2 == 0 {
			say = func() string { return text }
		}
		sameTokens(t, programs[seed%3], distinct(say), Options{Separate: seed%4 < 2})
	})
}

// TestHostileSPIN asks spin itself: what it makes of a model does not depend, in one byte, on what
// the comments say.
func TestHostileSPIN(t *testing.T) {
	var missing *Unavailable
	if err := Available(SPIN, RunOptions{}); errors.As(err, &missing) {
		t.Skip(err)
	}
	p := program(t, "filled-twice")
	generated := func(p *model.Program) map[string]string {
		w, err := newWorkshop("test")
		if err != nil {
			t.Fatal(err)
		}
		defer w.close()
		var text bytes.Buffer
		if err := Promela(&text, p, Options{Scenario: p.Threads[0].Nodes[0].Text, File: p.Threads[0].Nodes[0].Text}); err != nil {
			t.Fatal(err)
		}
		if err := w.write("model.pml", text.String()); err != nil {
			t.Fatal(err)
		}
		if _, err := w.build(t.Context(), "spin", "-o1", "-o2", "-o3", "-a", "model.pml"); err != nil {
			t.Fatal(err)
		}
		files := map[string]string{}
		for _, name := range []string{"pan.c", "pan.h", "pan.b", "pan.m", "pan.p", "pan.t"} {
			text, err := os.ReadFile(filepath.Join(w.dir, name))
			if err != nil {
				t.Fatal(err)
			}
			files[name] = string(text)
		}
		return files
	}
	named := func(q *model.Program) *model.Program { // what is an identifier keeps its name
		q.Locks, q.Conds, q.Vars = p.Locks, p.Conds, p.Vars
		for i := range q.Threads {
			q.Threads[i].Name = p.Threads[i].Name
		}
		return q
	}
	want := generated(named(speaking(p, plainly())))
	for i := 0; i < len(attacks); i += 8 {
		next := i
		say := func() string { next++; return attacks[next%len(attacks)] }
		for name, text := range generated(named(speaking(p, distinct(say)))) {
			if text != want[name] {
				t.Errorf("texts from %.20q on: %s differs", attacks[i], name)
			}
		}
	}
}

// TestHostileEngines lets the engines that are there search a program in which everything has a
// hostile name.
func TestHostileEngines(t *testing.T) {
	for _, engine := range Engines() {
		t.Run(string(engine), func(t *testing.T) {
			var missing *Unavailable
			if err := Available(engine, RunOptions{}); errors.As(err, &missing) {
				t.Skip(err)
			}
			next := 0
			say := func() string { next++; return attacks[next%len(attacks)] }
			p := speaking(program(t, "filled-twice"), distinct(say))
			opt := RunOptions{Quick: true, Export: Options{Scenario: say(), File: say()}}
			a, err := Check(t.Context(), engine, p, search.Options{}, opt)
			if err != nil || len(a.Mismatches) > 0 || a.Undecided() != "" {
				t.Errorf("%+v, %v", a, err)
			}
		})
	}
}

// TestHostileSuites crosschecks suites that try to run a command. It is not run, and both sides
// agree.
func TestHostileSuites(t *testing.T) {
	text, err := os.ReadFile("testdata/hostile.yaml")
	if err != nil {
		t.Fatal(err)
	}
	marker := filepath.Join(t.TempDir(), "ran")
	var command []string
	for _, c := range []byte("id > '" + marker + "'\x00") {
		command = append(command, fmt.Sprint(c))
	}
	inject := "c_code { system((char[]){" + strings.Join(command, ",") + "}); }"
	suite := strings.ReplaceAll(string(text), "INJECT", inject)
	for name, file := range map[string]string{
		"plain":    "hostile.yaml",
		"promela":  "x *" + "/ :: " + strings.ReplaceAll(inject, "/", "_") + "; goto L1 .yaml",
		"newline":  "x\n" + strings.ReplaceAll(inject, "/", "_") + "\n.yaml",
		"tla":      "x *) \\ (*.yaml",
		"hyphen":   "-o x.yaml",
		"splice":   "x *\\\n_.yaml",
		"trigraph": "x ??_\n.yaml",
	} {
		t.Run(name, func(t *testing.T) {
			suites, err := scenarios.LoadFS(t.Context(), fstest.MapFS{file: {Data: []byte(suite)}}, file)
			if err != nil {
				t.Fatal(err)
			}
			scs := suites[0].Scenarios
			if name != "plain" {
				scs = scs[:1]
			}
			for _, sc := range scs {
				p, err := sc.Program(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				for _, engine := range Engines() {
					opt := RunOptions{Quick: true, Export: Options{Scenario: sc.String(), File: sc.Suite.File}}
					var missing *Unavailable
					if err := Available(engine, opt); errors.As(err, &missing) {
						if engine == SPIN {
							t.Skip(err)
						}
						continue
					}
					a, err := Check(t.Context(), engine, p, search.Options{}, opt)
					if err != nil || len(a.Mismatches) > 0 || a.Undecided() != "" {
						t.Errorf("%s, %s: %+v, %v", sc, engine, a, err)
					}
				}
			}
			if _, err := os.Stat(marker); !errors.Is(err, os.ErrNotExist) {
				t.Fatal("the command was run")
			}
		})
	}
}
