package crosscheck

import (
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// TLA writes p as a TLA+ module for TLC: one action for each location, with the threads that share
// an automaton as its parameter. A state is where each thread stands, the locks, the variables, and
// the broken rule: ours, one to one, the initial ones included.
//
// The module must be in a file called [ModuleName].tla, with the configuration of [TLAConfig]
// beside it.
func TLA(w io.Writer, p *model.Program, opt Options) error {
	pl, err := newPlan(p)
	if err != nil {
		return err
	}
	text, err := pl.tla(opt)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, text)
	return err
}

// tla writes the module, and looks at every word of it.
func (p *plan) tla(opt Options) (string, error) {
	name, err := moduleName(opt)
	if err != nil {
		return "", err
	}
	o := &tla{plan: p, opt: opt, name: name}
	o.module()
	text := o.text.String()
	return text, inspect(text, o.dialect())
}

// TLAConfig writes the configuration with which TLC stops at the first finding and shows the way
// there.
func TLAConfig(w io.Writer, p *model.Program) error {
	pl, err := newPlan(p)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, pl.config())
	return err
}

func (p *plan) config() string {
	names := []code{"NoBrokenRule"}
	for _, l := range p.leakInvariants() {
		names = append(names, l.name)
	}
	return "INIT Init\nNEXT Next\nINVARIANTS " + string(concat(names, " ")) + "\nCHECK_DEADLOCK TRUE\n"
}

// A leakInvariant says that nothing of a kind has leaked.
type leakInvariant struct {
	kind model.Kind
	name code
}

// leakInvariants are those that some state of the program could break.
func (p *plan) leakInvariants() []leakInvariant {
	all := []leakInvariant{
		{model.LockLeak, "NoLockLeak"},
		{model.JobLeak, "NoJobLeak"},
		{model.RefCount, "NoReferenceLeak"},
	}
	return slices.DeleteFunc(all, func(l leakInvariant) bool { return !slices.Contains(p.kinds, l.kind) })
}

// observeConfig lets TLC search everything and note what it finds.
const observeConfig = "INIT Init\nNEXT Next\nINVARIANT Observed\nCHECK_DEADLOCK FALSE\n"

// tla writes one module.
type tla struct {
	*plan
	sheet
	opt  Options
	name code
}

func (o *tla) module() {
	dashes := max(4, 50-len(o.name)/2)
	o.printf("%s MODULE %s %s\n", repeated("-", dashes), o.name, repeated("-", dashes))
	o.header()
	o.declarations()
	for _, c := range o.classes {
		o.class(c)
	}
	o.next()
	o.properties()
	o.printf("%s\n", repeated("=", 2*dashes+len(o.name)+9))
}

func (o *tla) header() {
	file := string(o.name)
	lines := []string{
		title(o.opt) + ", as lockproof exported it for TLC.",
		"",
		"    java -cp tla2tools.jar tlc2.TLC -config " + file + ".cfg " + file,
		"",
		"with this in " + file + ".cfg:",
		"",
	}
	for line := range strings.Lines(o.config()) {
		lines = append(lines, "    "+line)
	}
	lines = append(lines,
		"",
		"A deadlock is a state in which nobody can go on, and somebody is not finished. A broken rule is a state with err "+
			"set; it has no",
		"successors but itself. Leaks are invariants. That some thread can never finish while others run on is not one: "+
			"it shows in the",
		"graph of states (-dump dot). Observed is for lockproof crosscheck, which wants all findings.",
		"",
		"Threads:")
	for _, c := range o.classes {
		lines = append(lines, "  "+c.whose())
	}
	o.printf("%sEXTENDS Integers, TLC\n\n", tlaBlock(lines...))
}

func (o *tla) declarations() {
	o.printf("VARIABLES\n    pc,    \\* by thread: where it stands, the number of an action below\n")
	o.printf("    lock,  \\* by lock: is it locked?\n    var,   \\* by variable: its value\n    err    \\* the kind of " +
		"the rule that was broken, or none\n\n")
	o.printf("vars == <<pc, lock, var, err>>\n\nThreads == 1..%s\n\n", num(len(o.program.Threads)))
	for i, name := range o.names.vars {
		o.printf("%s", tlaComment(string(name)+" is "+o.valuesOf(&o.program.Vars[i])))
	}
	o.printf("Init ==\n    /\\ lock = %s\n", o.record(o.names.locks, func(int) code { return "FALSE" }))
	o.printf("    /\\ var = %s\n", o.record(o.names.vars, func(i int) code {
		return num(o.program.Vars[i].Initial).fragment()
	}))
	if starts := o.starts(); len(starts) == 1 {
		o.printf("    /\\ %s\n\n", starts[0])
	} else {
		o.printf("    /\\ \\/ %s\n\n", concat(starts, "\n       \\/ "))
	}
	run := code("err = \"none\"")
	if o.exit != model.None {
		run += codef(" /\\ var.%s = 0", o.names.vars[o.exit])
	}
	o.printf("At(t, l) == %s /\\ pc[t] = l\n\n", run)
	o.printf("Move(t, l) == pc' = [pc EXCEPT ![t] = l]\n\n")
	o.printf("Go(t, l) == Move(t, l) /\\ UNCHANGED err\n\n")
	o.printf("Fail(kind) == err' = kind /\\ UNCHANGED <<pc, lock, var>>\n\n")
	o.waiting()
	var done []code
	for _, c := range o.classes {
		for i := range c.places {
			if c.places[i].node.Op == model.OpFinish {
				done = append(done, num(c.location(model.NodeID(i))).fragment())
			}
		}
	}
	o.printf("Finished(t) == pc[t] \\in {%s}%s\n\nAllFinished == \\A t \\in Threads : Finished(t)\n\n",
		concat(done, ", "), o.otherwise())
}

// otherwise lists in what other ways a thread is finished: the process has ended, or nobody has
// started it.
func (o *tla) otherwise() (text code) {
	if o.exit != model.None {
		text += codef(" \\/ var.%s # 0", o.names.vars[o.exit])
	}
	return text + o.unborn()
}

func (o *tla) unborn() (text code) {
	for _, c := range o.classes {
		if c.gate != model.None {
			text += codef(" \\/ (t = %s /\\ var.%s = 0)", num(c.threads[0]+1), o.names.vars[c.gate])
		}
	}
	return text
}

func (o *tla) record(names []code, value func(int) code) code {
	if len(names) == 0 {
		return "<<>>"
	}
	var fields []code
	for i, name := range names {
		fields = append(fields, name+" |-> "+value(i))
	}
	return "[" + concat(fields, ", ") + "]"
}

// starts lists where the threads can begin.
func (o *tla) starts() []code {
	of := map[int]*class{}
	for _, c := range o.classes {
		for _, t := range c.threads {
			of[t] = c
		}
	}
	ways := []code{""}
	for _, t := range slices.Sorted(maps.Keys(of)) {
		var next []code
		seen := map[code]bool{}
		for _, w := range ways {
			for _, e := range of[t].thread.Start {
				n := w + codef(", %s", num(of[t].location(e.To)))
				if !seen[n] {
					next = append(next, n)
				}
				seen[n] = true
			}
		}
		ways = next
	}
	var texts []code
	for _, w := range ways {
		texts = append(texts, codef("pc = <<%s>> /\\ err = %s", w[len(", "):], quoted[""]))
	}
	return texts
}

// waiting defines the waiter set of each condition, and where a signal takes a waiter.
func (o *tla) waiting() {
	if len(o.program.Conds) == 0 {
		return
	}
	var wake []code
	at := make([][]code, len(o.program.Conds))
	for _, c := range o.classes {
		for i := range c.places {
			if n := c.places[i].node; n.Op == model.OpSleep {
				l := num(c.location(model.NodeID(i)))
				at[n.Cond] = append(at[n.Cond], l.fragment())
				wake = append(wake, codef("l = %s -> %s", l, num(c.location(n.Wake))))
			}
		}
	}
	for i, name := range o.names.conds {
		o.printf("%s%s == {t \\in Threads : pc[t] \\in {%s}}\n\n",
			tlaComment("Who waits on "+o.program.Conds[i].Name+"."), name, concat(at[i], ", "))
	}
	o.printf("\\* Where a signal takes a thread that waits at l.\nWake(l) == ")
	if len(wake) == 0 {
		o.printf("l\n\n")
		return
	}
	o.printf("CASE %s\n\n", concat(wake, "\n             [] "))
}

func (o *tla) next() {
	o.printf("Next ==\n")
	for _, c := range o.classes {
		var ts []code
		for _, t := range c.threads {
			ts = append(ts, num(t+1).fragment())
		}
		o.printf("    \\/ \\E t \\in {%s} : %s(t)\n", concat(ts, ", "), c.name)
	}
	o.printf("    \\/ (err # \"none\" \\/ AllFinished) /\\ UNCHANGED vars\n\n")
}
