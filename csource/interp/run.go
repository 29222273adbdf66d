package interp

const (
	maxSteps = 1 << 20 // statements between two calls of the host
	maxDepth = 256     // calls within one another
)

// Run calls a function and returns its result when it returns. An error is of type [*RunError], and
// stands for what Check cannot see; a function that Check refuses may be run, and fails where it
// comes to what was refused.
//
// A panic of the host passes through.
func (p *Program) Run(h Host, name string, args []Value) (result Value, err error) {
	r := &run{host: h, left: maxSteps}
	defer r.caught(&err)
	switch f := p.functions[name]; {
	case h.Provides(name):
		return h.Call(Site{Function: name, Text: name}, name, args), nil
	case f == nil:
		return Value{}, &RunError{Kind: NoMeaning, Msg: "unknown function " + name}
	case len(args) != len(f.params):
		return Value{}, &RunError{Kind: NoMeaning, Pos: f.pos, Function: name, Msg: arity(name, len(f.params), len(args))}
	default:
		slots := r.reserve(f.slots)
		for i, v := range args {
			if t := f.params[i]; t.kind == kInt {
				v = Value{Int: t.narrow(v.Int)}
			}
			slots[i] = v
		}
		if result = r.enter(f, slots, f.root); result.isUnset() {
			result = Value{}
		}
		return result, nil
	}
}

// run is one run of a program.
type run struct {
	host   Host
	err    *RunError
	left   int // statements until the run counts as endless
	depth  int
	frames [8]frame // those of the first calls; deeper ones are allocated
	slots  []Value  // of the calls at hand, and room for more
	first  [32]Value
	args   []Value // room for arguments of the host's functions, which may keep them
}

// caught turns our own failure into an error. Nothing else is recovered.
func (r *run) caught(err *error) {
	if r.err != nil && recover() != nil {
		*err = r.err
	}
}

// frame is one call of a function.
type frame struct {
	run      *run
	function *function
	slots    []Value // of the parameters and local variables
	context  *context
	result   Value
}

// reserve takes room for the slots of a call. What was r.slots before is to be put back after it.
func (r *run) reserve(n int) []Value {
	if r.slots == nil {
		r.slots = r.first[:]
	}
	if n > len(r.slots) {
		r.slots = make([]Value, n+len(r.first))
	}
	taken := r.slots[:n:n]
	r.slots = r.slots[n:]
	return taken
}

// enter runs a function whose arguments are in its first slots.
func (r *run) enter(f *function, slots []Value, c *context) Value {
	for i := len(f.params); i < len(slots); i++ {
		slots[i] = unsetValue
	}
	for _, i := range f.boxed {
		slots[i] = Value{Object: &Variable{value: slots[i]}}
	}
	var in *frame
	if r.depth < len(r.frames) {
		in = &r.frames[r.depth]
	} else {
		in = new(frame)
	}
	r.depth++
	*in = frame{r, f, slots, c, unsetValue}
	in.exec()
	r.depth--
	for _, i := range f.boxed {
		slots[i].Object.(*Variable).gone = true
	}
	return in.result
}

func (f *frame) exec() {
	code, r := f.function.code, f.run
	for pc := 0; pc >= 0; {
		o := &code[pc]
		if r.left--; r.left < 0 {
			f.fail(Endless, o.pos, "%d statements without a call of the host", maxSteps)
		}
		pc = o.do(f)
	}
}

// arguments evaluates the arguments of a call of the host.
func (f *frame) arguments(k *call) []Value {
	r, n := f.run, len(k.args)
	if n > len(r.args) {
		r.args = make([]Value, max(n, 32))
	}
	args := r.args[:n:n]
	r.args = r.args[n:]
	for i, a := range k.args {
		args[i] = f.outward(a(f), k.pos)
	}
	return args
}

// ask has the host carry out a call.
func (f *frame) ask(k *call) Value {
	args := f.arguments(k)
	f.run.left = maxSteps
	return f.run.host.Call(f.context.spot(k).site, k.name, args)
}

// call runs the body of the function that is called.
func (f *frame) call(k *call) Value {
	r := f.run
	if r.depth >= maxDepth {
		f.fail(Endless, k.pos, "%d calls within one another", maxDepth)
	}
	room := r.slots
	slots := r.reserve(k.callee.slots)
	for i, a := range k.args {
		slots[i] = a(f)
	}
	result := r.enter(k.callee, slots, f.context.spot(k).inner)
	r.slots = room
	return result
}
