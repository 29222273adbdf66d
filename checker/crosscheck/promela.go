package crosscheck

import (
	"fmt"
	"io"

	"github.com/lockproof/lockproof/model"
)

// Promela writes p as a model for SPIN: one process per thread, with the thread's locations as
// labels and every step one d_step. So a state of SPIN's is the locations, the locks and the
// variables: ours, one to one.
//
// One difference cannot be had away: SPIN has a single initial state. Where threads begin with a
// choice, the choices are steps of SPIN's, taken before all others, and the states between them are
// extra; [Run] subtracts them, and the header tells how many there are.
//
// SPIN must not merge steps or hide variables: spin -o1 -o2 -o3 -a.
func Promela(w io.Writer, p *model.Program, opt Options) error {
	pl, err := newPlan(p)
	if err != nil {
		return err
	}
	m, err := newPromela(pl, opt)
	if err != nil {
		return err
	}
	text, err := m.render()
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, text)
	return err
}

// promela writes one model. Classes that begin with a choice come first, so that their processes
// take turns by number.
type promela struct {
	*plan
	sheet
	opt      Options
	sleepers map[*class]map[model.NodeID]model.NodeID
	first    map[*class]int // number of a class's first process
	choosers int            // processes that begin with a choice
	extra    int64          // states before the last choice
}

func newPromela(pl *plan, opt Options) (*promela, error) {
	m := &promela{plan: pl, opt: opt}
	return m, m.prepare()
}

// render writes the model, and looks at every word of it.
func (o *promela) render() (string, error) {
	o.header()
	o.declarations()
	for _, c := range o.classes {
		o.process(c)
	}
	if o.opt.Progress == nil {
		o.watch()
	}
	text := o.text.String()
	return text, inspect(text, o.dialect())
}

func (o *promela) prepare() error {
	o.sleepers, o.first = map[*class]map[model.NodeID]model.NodeID{}, map[*class]int{}
	p := *o.plan
	p.classes = nil
	classes := o.classes
	if o.opt.Separate || o.opt.Progress != nil {
		classes = o.split()
	}
	for _, choosing := range []bool{true, false} {
		for _, c := range classes {
			if o.chooses(c) == choosing {
				p.classes = append(p.classes, c)
			}
		}
	}
	o.plan = &p
	for _, c := range o.classes {
		m, err := c.sleepers()
		if err != nil {
			return err
		}
		o.sleepers[c] = m
	}
	processes := 0
	for _, c := range o.classes {
		o.first[c] = processes
		processes += len(c.threads)
		if o.chooses(c) {
			o.choosers = processes
		}
	}
	o.extra = o.extraStates()
	return nil
}

// split gives every thread a class of its own.
func (o *promela) split() []*class {
	var all []*class
	for _, c := range o.classes {
		for _, t := range c.threads {
			one := *c
			one.threads = []int{t}
			if len(c.threads) > 1 {
				one.name = o.names.unique(fmt.Sprintf("%s_T%d", c.thread.Name, t+1))
			}
			all = append(all, &one)
		}
	}
	return all
}

// me is the number of the process that runs: known, where it is the only one of its type.
func (o *promela) me(c *class) code {
	if len(c.threads) == 1 {
		return num(o.first[c]).fragment()
	}
	return "_pid"
}

func (o *promela) waiting(c *class) code { return "waiting[" + o.me(c) + "]" }

func (o *promela) header() {
	lines := []string{
		title(o.opt) + ", as lockproof exported it for SPIN.",
		"",
		"    spin -o1 -o2 -o3 -a FILE && cc -O2 -DSAFETY -DNOREDUCE -o pan pan.c && ./pan -c0 -n -m1000000",
		"",
		"Without -o2 and -o3 SPIN hides variables and merges steps, and counts other states.",
		"An `invalid end state` is a deadlock: nobody can go on, and somebody is not finished. An `assertion violated` is " +
			"a broken rule: the",
		"number before && is its kind, from the list below. A state with err set has no successors.",
		"That some thread can never finish while others run on is not something SPIN can be asked.",
	}
	if o.extra > 0 {
		lines = append(lines, fmt.Sprintf(
			"%d of the states that SPIN counts come before all threads have chosen where they begin; lockproof does not "+
				"count them.", o.extra))
	}
	lines = append(lines, "", "Threads:")
	for _, c := range o.classes {
		lines = append(lines, fmt.Sprintf("  %s (%s)", c.whose(), o.pids(c)))
	}
	o.printf("%s\n", promelaBlock(lines...))
}

func (o *promela) pids(c *class) string {
	if n := len(c.threads); n > 1 {
		return fmt.Sprintf("processes %d to %d", o.first[c], o.first[c]+n-1)
	}
	return fmt.Sprintf("process %d", o.first[c])
}

func (o *promela) declarations() {
	for _, k := range o.kinds {
		o.printf("#define %s %s\n", macros[k], num(number(k)))
	}
	o.printf("\n")
	o.printf("byte err; /* the kind of the rule that was broken; 0: none */\n")
	run := code("err == 0")
	if o.choosers > 0 {
		o.printf("byte begun; /* how many threads have chosen where they begin */\n")
		run += codef(" && begun == %s", num(o.choosers))
	}
	if o.exit != model.None {
		run += codef(" && %s == 0", o.names.vars[o.exit])
	}
	o.printf("#define RUN (%s)\n", run)
	o.printf("#define FAIL(kind) err = kind; assert(kind && false)\n\n")
	if len(o.names.conds) > 0 {
		for i, name := range o.names.conds {
			o.printf("#define %s %s %s\n", name, num(i+1), promelaComment(o.program.Conds[i].Name))
		}
		o.printf("byte waiting[%s]; /* by process: the condition on which it sleeps; 0: none, or signalled */\n\n",
			num(len(o.program.Threads)))
	}
	for i, name := range o.names.locks {
		o.printf("bit %s; %s\n", name, promelaComment(o.program.Locks[i].Name+": is it locked?"))
	}
	for i, name := range o.names.vars {
		v := &o.program.Vars[i]
		o.printf("%s %s = %s; %s\n", promelaType(v), name, num(v.Initial), promelaComment(o.valuesOf(v)))
	}
	finished, outside := 0, 0
	for _, c := range o.classes {
		if o.chooses(c) || c.places[c.thread.Start[0].To].node.Op != model.OpFinish {
			continue
		}
		finished += len(c.threads)
		if c.places[c.thread.Start[0].To].node.Outside {
			outside += len(c.threads)
		}
	}
	if o.counts() {
		o.printf("byte finished = %s; /* how many threads are */\n", num(finished))
	}
	if o.leakable() && o.waitsOutside() {
		o.printf("byte outside = %s; /* how many of them wait for ever */\n", num(outside))
	}
	o.printf("\n")
}

// promelaType is the smallest type that holds the values of v.
func promelaType(v *model.Var) code {
	lo, hi := min(v.Initial, v.Values[0]), max(v.Initial, v.Values[len(v.Values)-1])
	switch {
	case lo >= 0 && hi <= 1:
		return "bit"
	case lo >= 0 && hi <= 255:
		return "byte"
	case lo >= -1<<15 && hi < 1<<15:
		return "short"
	}
	return "int"
}

// leakable reports whether there is a state in which all threads are finished and references are
// looked at.
func (o *promela) leakable() bool { return o.counted() && !o.loops() }

// counts reports whether somebody wants to know how many threads are finished.
func (o *promela) counts() bool { return o.leakable() || o.gated() }

// allFinished is the condition that all threads are, or do not exist yet.
func (o *promela) allFinished() code {
	text := code("finished")
	for _, c := range o.classes {
		if c.gate != model.None {
			text += " + (1 - " + o.names.vars[c.gate] + ")"
		}
	}
	return text + codef(" == %s", num(len(o.program.Threads)))
}

func (o *promela) process(c *class) {
	o.printf("%s\nactive [%s] proctype %s()\n{\n", promelaComment(c.whose()), num(len(c.threads)), c.name)
	if o.chooses(c) {
		o.start(c)
	} else if c.thread.Start[0].To != 0 {
		o.printf("\tgoto %s;\n", o.label(c, c.thread.Start[0].To))
	}
	for i, separator := 0, code(""); i < len(c.places); i++ {
		if _, ok := o.sleepers[c][model.NodeID(i)]; !ok {
			o.printf("%s%s", separator, o.body(c, model.NodeID(i)))
			separator = ";\n"
		}
	}
	o.rounds(c)
	o.printf("\n}\n\n")
}

// watch is a process that never moves: it looks at states that must not count as deadlocks, or are
// wrong in themselves.
func (o *promela) watch() {
	o.printf("/* Looks, and changes nothing. */\nactive proctype watch()\n{\nend:\tdo\n")
	o.printf("\t:: d_step { err != 0 -> skip } /* a state with a broken rule is not a deadlock */\n")
	if o.exit != model.None {
		o.printf("\t:: d_step { %s != 0 -> skip } /* nor is the end of the process */\n", o.names.vars[o.exit])
	}
	if o.gated() {
		o.printf("\t:: d_step { %s -> skip } /* nor is one in which nobody is left but those that were not started */\n",
			o.allFinished())
	}
	if o.leakable() {
		run := code("err == 0")
		if o.exit != model.None {
			run += codef(" && %s != %s", o.names.vars[o.exit], num(model.ExitAnyhow))
		}
		if o.waitsOutside() {
			run += " && outside == 0"
		}
		o.printf("\t:: d_step { %s && %s -> assert(%s && %s) } /* no reference has leaked */\n",
			run, o.allFinished(), macros[model.RefCount], o.expr(o.balanced()))
	}
	o.printf("\tod\n}\n")
}
