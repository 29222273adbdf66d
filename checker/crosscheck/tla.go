package crosscheck

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// TLA writes p as a TLA+ module for TLC: one action for each location, with the threads that share an automaton as its parameter. A
// state is where each thread stands, the locks, the variables, and the broken rule: ours, one to one, the initial ones included.
//
// The module must be in a file called [ModuleName].tla, with the configuration of [TLAConfig] beside it.
func TLA(w io.Writer, p *model.Program, opt Options) error {
	pl, err := newPlan(p)
	if err != nil {
		return err
	}
	return pl.tla(w, opt)
}

func (p *plan) tla(w io.Writer, opt Options) error {
	out := &tla{plan: p, opt: opt, w: bufio.NewWriter(w)}
	out.module()
	return out.w.Flush()
}

// TLAConfig writes the configuration with which TLC stops at the first finding and shows the way there.
func TLAConfig(w io.Writer, p *model.Program) error {
	pl, err := newPlan(p)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, pl.config())
	return err
}

func (p *plan) config() string {
	names := []string{"NoBrokenRule"}
	for _, l := range p.leakInvariants() {
		names = append(names, l.name)
	}
	return "INIT Init\nNEXT Next\nINVARIANTS " + strings.Join(names, " ") + "\nCHECK_DEADLOCK TRUE\n"
}

// A leakInvariant says that nothing of a kind has leaked.
type leakInvariant struct {
	kind model.Kind
	name string
}

// leakInvariants are those that some state of the program could break.
func (p *plan) leakInvariants() []leakInvariant {
	all := []leakInvariant{{model.LockLeak, "NoLockLeak"}, {model.JobLeak, "NoJobLeak"}, {model.RefCount, "NoReferenceLeak"}}
	return slices.DeleteFunc(all, func(l leakInvariant) bool { return !slices.Contains(p.kinds, l.kind) })
}

// observeConfig lets TLC search everything and note what it finds.
const observeConfig = "INIT Init\nNEXT Next\nINVARIANT Observed\nCHECK_DEADLOCK FALSE\n"

// tla writes one module.
type tla struct {
	*plan
	opt Options
	w   *bufio.Writer
}

func (o *tla) printf(format string, args ...any) { fmt.Fprintf(o.w, format, args...) }

func (o *tla) module() {
	name := o.opt.module()
	dashes := strings.Repeat("-", max(4, 50-len(name)/2))
	o.printf("%s MODULE %s %s\n", dashes, name, dashes)
	o.header(name)
	o.declarations()
	for _, c := range o.classes {
		o.class(c)
	}
	o.next()
	o.properties()
	o.printf("%s\n", strings.Repeat("=", 2*len(dashes)+len(name)+9))
}

func (o *tla) header(name string) {
	o.printf("(* %s, as lockproof exported it for TLC.\n\n", oneLine(title(o.opt)))
	o.printf("       java -cp tla2tools.jar tlc2.TLC -config %s.cfg %s\n\n", name, name)
	o.printf("   with this in %s.cfg:\n\n", name)
	for line := range strings.Lines(o.config()) {
		o.printf("       %s", line)
	}
	o.printf("\n   A deadlock is a state in which nobody can go on, and somebody is not finished. A broken rule is a state with err set; it has no\n")
	o.printf("   successors but itself. Leaks are invariants. That some thread can never finish while others run on is not one: it shows in the\n")
	o.printf("   graph of states (-dump dot). Observed is for lockproof crosscheck, which wants all findings.\n\n   Threads:\n")
	for _, c := range o.classes {
		o.printf("     %s\n", oneLine(c.whose()))
	}
	o.printf("*)\nEXTENDS Integers, TLC\n\n")
}

func (o *tla) declarations() {
	o.printf("VARIABLES\n    pc,    \\* by thread: where it stands, the number of an action below\n")
	o.printf("    lock,  \\* by lock: is it locked?\n    var,   \\* by variable: its value\n    err    \\* the kind of the rule that was broken, or \"none\"\n\n")
	o.printf("vars == <<pc, lock, var, err>>\n\nThreads == 1..%d\n\n", len(o.program.Threads))
	for i, name := range o.names.vars {
		o.printf("\\* %s is %s\n", name, oneLine(o.valuesOf(&o.program.Vars[i])))
	}
	o.printf("Init ==\n    /\\ lock = %s\n", o.record(o.names.locks, func(int) string { return "FALSE" }))
	o.printf("    /\\ var = %s\n", o.record(o.names.vars, func(i int) string { return strconv.FormatInt(o.program.Vars[i].Initial, 10) }))
	if starts := o.starts(); len(starts) == 1 {
		o.printf("    /\\ %s\n\n", starts[0])
	} else {
		o.printf("    /\\ \\/ %s\n\n", strings.Join(starts, "\n       \\/ "))
	}
	o.printf("At(t, l) == err = \"none\" /\\ pc[t] = l\n\n")
	o.printf("Move(t, l) == pc' = [pc EXCEPT ![t] = l]\n\n")
	o.printf("Go(t, l) == Move(t, l) /\\ UNCHANGED err\n\n")
	o.printf("Fail(kind) == err' = kind /\\ UNCHANGED <<pc, lock, var>>\n\n")
	o.waiting()
	var done []string
	for _, c := range o.classes {
		for i := range c.places {
			if c.places[i].node.Op == model.OpFinish {
				done = append(done, strconv.Itoa(c.location(model.NodeID(i))))
			}
		}
	}
	o.printf("Finished(t) == pc[t] \\in {%s}\n\nAllFinished == \\A t \\in Threads : Finished(t)\n\n", strings.Join(done, ", "))
}

func (o *tla) record(names []string, value func(int) string) string {
	if len(names) == 0 {
		return "<<>>"
	}
	var fields []string
	for i, name := range names {
		fields = append(fields, name+" |-> "+value(i))
	}
	return "[" + strings.Join(fields, ", ") + "]"
}

// starts lists where the threads can begin, each way with the kind of the first assert that fails on it.
func (o *tla) starts() []string {
	of := map[int]*class{}
	for _, c := range o.classes {
		for _, t := range c.threads {
			of[t] = c
		}
	}
	type way struct {
		at  string
		err model.Kind
	}
	ways := []way{{}}
	for _, t := range slices.Sorted(maps.Keys(of)) {
		var next []way
		for _, w := range ways {
			for i := range of[t].thread.Start {
				e := &of[t].thread.Start[i]
				n := way{w.at + ", " + strconv.Itoa(of[t].location(e.To)), w.err}
				if n.err == "" {
					n.err = o.startFailure(e)
				}
				if !slices.Contains(next, n) {
					next = append(next, n)
				}
			}
		}
		ways = next
	}
	var texts []string
	for _, w := range ways {
		if w.err == "" {
			w.err = "none"
		}
		texts = append(texts, fmt.Sprintf("pc = <<%s>> /\\ err = %q", strings.TrimPrefix(w.at, ", "), w.err))
	}
	return texts
}

// waiting defines the waiter set of each condition, and where a signal takes a waiter.
func (o *tla) waiting() {
	if len(o.program.Conds) == 0 {
		return
	}
	var wake []string
	at := make([][]string, len(o.program.Conds))
	for _, c := range o.classes {
		for i := range c.places {
			if n := c.places[i].node; n.Op == model.OpSleep {
				l := strconv.Itoa(c.location(model.NodeID(i)))
				at[n.Cond] = append(at[n.Cond], l)
				wake = append(wake, fmt.Sprintf("l = %s -> %d", l, c.location(n.Wake)))
			}
		}
	}
	for i, name := range o.names.conds {
		o.printf("\\* Who waits on %s.\n%s == {t \\in Threads : pc[t] \\in {%s}}\n\n",
			oneLine(o.program.Conds[i].Name), name, strings.Join(at[i], ", "))
	}
	o.printf("\\* Where a signal takes a thread that waits at l.\nWake(l) == ")
	if len(wake) == 0 {
		o.printf("l\n\n")
		return
	}
	o.printf("CASE %s\n\n", strings.Join(wake, "\n             [] "))
}

func (o *tla) next() {
	o.printf("Next ==\n")
	for _, c := range o.classes {
		var ts []string
		for _, t := range c.threads {
			ts = append(ts, strconv.Itoa(t+1))
		}
		o.printf("    \\/ \\E t \\in {%s} : %s(t)\n", strings.Join(ts, ", "), c.name)
	}
	o.printf("    \\/ (err # \"none\" \\/ AllFinished) /\\ UNCHANGED vars\n\n")
}

// properties writes what must hold in every state.
func (o *tla) properties() {
	var locks, jobs []string
	for _, c := range o.classes {
		for i := range c.places {
			n := c.places[i].node
			if n.Op != model.OpFinish {
				continue
			}
			lock, job := o.leaks(n)
			at := fmt.Sprintf("\n        pc[t] = %d => ", c.location(model.NodeID(i)))
			if !isConst(lock, false) {
				locks = append(locks, at+o.holds(negate(lock), ""))
			}
			if !isConst(job, false) {
				jobs = append(jobs, at+o.holds(negate(job), ""))
			}
		}
	}
	o.printf("NoBrokenRule == err = \"none\"\n\n")
	for _, l := range o.leakInvariants() {
		switch l.kind {
		case model.LockLeak:
			o.invariant(l.name, locks)
		case model.JobLeak:
			o.invariant(l.name, jobs)
		default:
			o.printf("%s == err = \"none\" /\\ AllFinished => %s\n\n", l.name, o.holds(o.balanced(), ""))
		}
	}
	o.printf("Stuck == err = \"none\" /\\ ~AllFinished /\\ ~ENABLED Next\n\n")
	o.observed()
}

// invariant writes what must hold of every thread that has finished.
func (o *tla) invariant(name string, parts []string) {
	if len(parts) == 0 {
		o.printf("%s == TRUE\n\n", name)
		return
	}
	for i := range parts {
		parts[i] = strings.Replace(parts[i], "\n        ", "\n        /\\ (", 1) + ")"
	}
	o.printf("%s == err = \"none\" => \\A t \\in Threads :%s\n\n", name, strings.Join(parts, ""))
}

// observed is always true, and prints each kind of finding when it is met first.
func (o *tla) observed() {
	notes := []string{`"deadlock", Stuck`}
	for _, l := range o.leakInvariants() {
		notes = append(notes, noteOf(l.kind)+", ~"+l.name)
	}
	for _, k := range o.kinds {
		notes = append(notes, fmt.Sprintf("%s, err = %q", noteOf(k), k))
	}
	o.printf("ASSUME \\A i \\in 1..%d : TLCSet(i, FALSE)\n\n", len(notes))
	o.printf("Note(i, what, is) == is => TLCGet(i) \\/ (TLCSet(i, TRUE) /\\ PrintT(<<\"lockproof\", what>>))\n\n")
	o.printf("Observed ==\n")
	for i, n := range notes {
		o.printf("    /\\ Note(%d, %s)\n", i+1, n)
	}
}

func noteOf(k model.Kind) string { return strconv.Quote(string(k)) }
