package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/diagnose/diagnosetest"
	"github.com/lockproof/lockproof/checker/linear"
)

// real reads the calls of clients of a libvirtd 9.0.0 under load.
func real(t *testing.T, name string) []Call {
	t.Helper()
	calls, err := Read(t.Context(), name, bytes.NewReader(diagnosetest.Content(t, "testdata/"+name+".jsonl.zst")))
	if err != nil {
		t.Fatal(err)
	}
	return calls
}

// The clients defined a domain again when a call found none: the daemon's logs of the same runs
// have one define more for each such call (a_single: 56 are 44, 9 and the 3 domains of the
// beginning; b_conc8: 320 are 233, 83 and 4; f_shim: 81 are 58, 19 and 4). Nothing else is needed.
func TestReal(t *testing.T) {
	redefined := Assumption{Redefined: true}
	for name, want := range map[string]struct {
		calls, elsewhere, open int
		assumed                []string
	}{
		"a_single":     {2000, 79, 0, []string{"lp1", "lp2", "lp3"}},
		"b_conc8":      {10000, 405, 0, []string{"lp1", "lp2", "lp3", "lp4"}},
		"c_timeout":    {840, 6, 11, nil},
		"f_shim":       {2400, 91, 0, []string{"lp1", "lp2", "lp3", "lp4"}},
		"sample-small": {96, 0, 4, nil},
	} {
		r := Check(t.Context(), real(t, name), Options{})
		var assumed []string
		for _, a := range r.Assumed {
			if a.Assumption != redefined {
				t.Errorf("%s: %s needs %v", name, a.Domain, a.Assumption)
			}
			assumed = append(assumed, a.Domain)
		}
		if r.Verdict() != linear.OK || r.Operations != want.calls-want.elsewhere || r.Elsewhere != want.elsewhere || r.Open != want.open || len(r.Foreign) > 0 || !slices.Equal(assumed, want.assumed) {
			t.Errorf("%s: %v, %d calls, %d elsewhere, %d open, assumed %v, foreign %v", name, r.Verdict(), r.Operations, r.Elsewhere, r.Open, assumed, r.Foreign)
		}
		if r.API.Steps+r.Elsewhere != want.calls {
			t.Errorf("%s: %d calls were looked at, and %d not", name, r.API.Steps, r.Elsewhere)
		}
	}
}

var (
	errNotRunning = &Error{operationInvalid, 20, "Requested operation is not valid: domain is not running"}
	errRunning    = &Error{operationInvalid, 10, "Requested operation is not valid: domain is already running"}
	errNoDomain   = &Error{noDomain, 10, "Domain not found: no domain with matching uuid"}
	errTransient  = &Error{operationInvalid, 10, "Requested operation is not valid: cannot undefine transient domain"}
)

// wrongs are results that cannot be, where those that they replace are.
var wrongs = []struct {
	name string
	sure bool // one client notices it wherever it is
	ops  string
	was  func(*Call) bool
	now  func(*Call)
}{
	{"a guest that runs shows as shut off", true, "info", shows(1), result5},
	{"a guest that is shut off shows as running", true, "info", shows(5), result1},
	{"a paused guest shows as running", true, "info", shows(3), result1},
	{"a guest with a QEMU is not running", true, "suspend resume setmem memstats", succeeded0, func(c *Call) { c.Err = errNotRunning }},
	{"a guest without a QEMU answers", true, "suspend resume setmem memstats", failedWith(errNotRunning), func(c *Call) { c.Err, c.Result = nil, parseResult([]byte("0")) }},
	{"a start finds a guest", false, "start", succeeded0, func(c *Call) { c.Err = errRunning }},
	{"a resume finds a guest that runs", false, "resume", succeeded0, func(c *Call) { c.Err = errRunning }},
	{"a domain is gone", true, "memstats blockstats iotune", succeeded0, func(c *Call) { c.Err = errNoDomain }},
	{"a persistent domain is transient", true, "undefine", succeeded0, func(c *Call) { c.Err = errTransient }},
}

func shows(n int64) func(*Call) bool {
	return func(c *Call) bool { return c.Err == nil && slices.Equal(c.Result.numbers, []int64{n}) }
}

func result5(c *Call)         { c.Result = parseResult([]byte("5")) }
func result1(c *Call)         { c.Result = parseResult([]byte("1")) }
func succeeded0(c *Call) bool { return c.Err == nil }
func failedWith(e *Error) func(*Call) bool {
	return func(c *Call) bool { return c.Err != nil && c.Err.Message == e.Message }
}

// corrupt gives one call of a history, at a random place, a result that cannot be, and returns the
// calls of its domain.
func corrupt(random *rand.Rand, calls []Call, k int) ([]Call, bool) {
	w := &wrongs[k]
	var at []int
	for i := range calls {
		if slices.Contains(strings.Fields(w.ops), calls[i].Op) && w.was(&calls[i]) {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return nil, false
	}
	i := at[random.IntN(len(at))]
	var out []Call
	for n, c := range calls {
		if c.Domain != calls[i].Domain {
			continue
		}
		if n == i {
			w.now(&c)
		}
		out = append(out, c)
	}
	return out, true
}

// Whatever one result of one client's history is replaced with, it is noticed: nothing overlaps
// there that could explain it.
func TestCorrupted(t *testing.T) {
	random := rand.New(rand.NewPCG(15, 1))
	calls := real(t, "a_single")
	for k := range wrongs {
		if !wrongs[k].sure {
			continue
		}
		for range 4 {
			out, ok := corrupt(random, calls, k)
			if !ok {
				t.Fatalf("%s: there is no such call", wrongs[k].name)
			}
			if r := Check(t.Context(), out, Options{}); r.Verdict() != linear.Illegal {
				t.Errorf("%s: %v, assumed %v", wrongs[k].name, r.Verdict(), r.Assumed)
			}
		}
	}
}

// With eight clients another one may have done what explains a wrong result. Most are noticed.
func TestCorruptedAmongMany(t *testing.T) {
	random := rand.New(rand.NewPCG(15, 2))
	calls := real(t, "f_shim")
	noticed, tried := 0, 0
	for k := range wrongs {
		for range 2 {
			out, ok := corrupt(random, calls, k)
			if !ok {
				continue
			}
			tried++
			r := Check(t.Context(), out, Options{})
			if r.Verdict() == linear.Illegal || slices.ContainsFunc(r.Assumed, func(a Assumed) bool { return a.Guest }) {
				noticed++
			}
		}
	}
	t.Logf("%d of %d", noticed, tried)
	if tried < 15 || noticed*10 < tried*8 {
		t.Errorf("%d of %d wrong results are noticed", noticed, tried)
	}
}

// A line of a table of histories: client, operation, from, to (- for never), result or error.
func parseCalls(t *testing.T, text string) []Call {
	t.Helper()
	var b strings.Builder
	for _, l := range strings.Split(text, ";") {
		f := strings.Fields(l)
		if len(f) < 5 {
			t.Fatalf("%q", l)
		}
		to := f[3]
		if to == "-" {
			to = "null"
		}
		res, failure := f[4], "null"
		if f[4] == "error" {
			m, _ := json.Marshal(strings.Join(f[6:], " "))
			res, failure = "null", fmt.Sprintf("[%s, 10, %s]", f[5], m)
		}
		fmt.Fprintf(&b, "{\"c\": %q, \"n\": 0, \"op\": %q, \"dom\": \"vm\", \"t0\": %s, \"t1\": %s, \"res\": %s, \"err\": %s}\n", f[0], f[1], f[2], to, res, failure)
	}
	calls, err := Read(t.Context(), "table", strings.NewReader(b.String()))
	if err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	return calls
}

// What libvirt may and may not answer.
func TestModel(t *testing.T) {
	const ok, illegal, guest, redefined = "ok", "illegal", "guest", "redefined"
	for _, tt := range []struct{ want, calls string }{
		{ok, `a define 1 2 true; a info 3 4 5`},
		{ok, `a start 1 2 0; a info 3 4 1`},
		{ok, `a start 1 2 0; a info 3 4 3`}, // it may be started paused
		{guest, `a start 1 2 0; a info 3 4 5`},
		{illegal, `a start 1 2 0; a info 3 4 5; a info 5 6 1`},
		{illegal, `a start 1 2 0; a start 3 4 0; a info 5 6 1; a info 7 8 1; a destroy 9 10 0; a info 11 12 1`},
		{ok, `a start 1 2 error 55 domain is already running; a destroy 3 4 0; a start 5 6 0`},
		{ok, `a createxml 1 2 true; a ispersistent 3 4 0; a destroy 5 6 0; a info 7 8 error 42 Domain not found`},
		{illegal, `a createxml 1 2 true; a ispersistent 3 4 0; a destroy 5 6 0; a info 7 8 5`},
		{illegal, `a createxml 1 2 error 55 domain 'vm' is already active; a info 3 4 5; a resume 5 6 0`},
		{ok, `a suspend 1 2 0; a state 3 4 [3,1]; a resume 5 6 0; a state 7 8 [1,5]`},
		{illegal, `a suspend 1 2 0; a state 3 4 [3,1]; a resume 5 6 0; a state 7 8 [1,1]`},
		{ok, `a suspend 1 2 0; a suspend 3 4 0; a resume 5 6 0; a resume 7 8 error 55 domain is already running`},
		{illegal, `a suspend 1 2 0; a resume 7 8 error 55 domain is already running`},
		// A dump pauses the guest, which shows, and lets it go on.
		{ok, `a resume 1 2 0; a dump 3 10 0; b state 4 5 [3,4]; b qmp 6 7 "\"running\":false"; a info 11 12 1`},
		{guest, `a resume 1 2 0; a dump 3 10 0; a state 11 12 [3,4]`},
		{illegal, `a resume 1 2 0; a state 11 12 [3,4]`},
		{illegal, `a resume 1 2 0; a dump 3 10 0; b setmem 4 5 0; b jobinfo 6 7 2; b setmem 8 9 0; b jobinfo 11 12 2`},
		{ok, `a resume 1 2 0; a dump 3 10 0; b abort 4 5 error 55 cannot abort memory-only dump; a abort 11 12 error 55 no job is active on the domain`},
		{illegal, `a resume 1 2 0; b abort 4 5 error 55 cannot abort memory-only dump`},
		// A managed save image is there until it is used or removed.
		{ok, `a managedsave 1 2 0; a hasmanagedsave 3 4 1; a start 5 6 0; a hasmanagedsave 7 8 0; a msremove 9 10 error 38 Failed to remove managed save file`},
		{illegal, `a managedsave 1 2 0; a msremove 3 4 0; a msremove 5 6 0`},
		{illegal, `a start 1 2 0; a managedsave 3 4 0; a info 5 6 1`},
		{illegal, `a undefine 1 2 0; a managedsave 3 4 error 55 cannot do managed save for transient domain; a undefine 5 6 0`},
		// A save may be a save alone, or a client that restores.
		{ok, `a save 1 2 0; a info 3 4 1`},
		{ok, `a save 1 2 0; a state 3 4 [5,5]`},
		{illegal, `a save 1 2 0; a state 3 4 [1,1]`},
		// The one device that is attached.
		{ok, `a attach 1 2 0; a attach 3 4 error 67 non unique alias detected; a detach 5 6 0; a detach 7 8 error 99 device not found`},
		{ok, `a attach 1 2 0; a detach 3 4 0; a detach 5 6 0`}, // the guest has not given it up
		{illegal, `a attach 1 2 0; a detach 3 4 error 99 device not found`},
		{illegal, `a msremove 0 0 error 38 Failed to remove managed save file; a attach 1 2 0; a destroy 3 4 0; a start 5 6 0; a detach 7 8 0`},
		// Who talks to a QEMU that ends.
		{ok, `a resume 1 2 0; b destroy 3 20 0; a setmem 4 6 error 38 Unable to read from monitor: Connection reset by peer; a state 7 8 [4,0]; a info 21 22 5`},
		{illegal, `a resume 1 2 0; b destroy 3 20 0; a state 21 22 [5,3]`},
		{ok, `a resume 1 2 0; b kill9 3 4 77; a setmem 5 6 error 38 Unable to write to monitor: Broken pipe; a state 7 8 [5,3]`},
		{ok, `a resume 1 2 0; b kill9 3 4 "gone"; a info 5 6 1`},
		{guest, `a resume 1 2 0; a setmem 5 6 error 38 Unable to write to monitor: Broken pipe; a info 7 8 5`},
		{ok, `a resume 1 2 0; b destroy 3 20 0; a suspend 4 6 error 38 Unable to read from monitor: reset; a state 7 8 [3,1]`},
		{ok, `a suspend 1 2 0; b destroy 3 20 0; a resume 4 6 error 38 Unable to read from monitor: reset; a state 7 8 [1,5]`},
		{illegal, `a suspend 1 2 0; b kill9 3 4 7; a resume 4 6 error 38 Unable to read from monitor: reset; a state 7 8 [1,1]`},
		{guest, `a resume 1 2 0; a qmp 3 4 "\"running\":false"`},
		{illegal, `a suspend 1 2 0; a qmp 3 4 "\"running\":true"`},
		// A guest shuts down when it likes, if it was asked.
		{ok, `a resume 1 2 0; a shutdown 3 4 0; a info 5 6 1; a state 7 8 [5,1]`},
		{guest, `a resume 1 2 0; a info 5 6 1; a state 7 8 [5,1]`},
		{illegal, `a suspend 1 2 0; a shutdown 3 4 0`},
		{ok, `a suspend 1 2 0; a agent 3 4 error 55 domain is not running`},
		{illegal, `a suspend 1 2 0; a memstats 3 4 error 55 domain is not running; a info 5 6 3`},
		{guest, `a resume 1 2 0; a state 3 4 [3,5]`},
		{guest, `a resume 1 2 0; a state 3 4 [7,0]; a suspend 5 6 error 55 domain is pmsuspended; a info 7 8 1`},
		// Nobody knows what a call did that gave up, lost its connection or has no end.
		{ok, `a suspend 1 2 0; b resume 3 4 error 68 Timed out during operation: cannot acquire state change lock; a info 5 6 3; a info 7 8 1`},
		{ok, `a suspend 1 2 0; b resume 3 4 error 39 client socket is closed; a info 5 6 1`},
		{ok, `a suspend 1 2 0; b resume 3 - null; a info 5 6 1`},
		{ok, `a destroy 1 2 0; b start 3 4 error 68 Timed out; a info 5 6 5; a info 7 8 1`},
		{guest, `a resume 1 2 0; b resume 3 4 error 68 Timed out; a state 5 6 [3,5]`},
		{illegal, `a suspend 5 6 0; a info 7 8 1; b resume 9 10 error 68 Timed out`},
		// Between the lookup and the end of a removal.
		{ok, `a destroy 1 2 0; a undefine 3 9 0; b define 4 5 error 9 operation failed: domain 'vm' is already being removed; a lookup 10 11 error 42 no`},
		{illegal, `a define 1 2 true; a define 4 5 error 9 operation failed: domain 'vm' is already being removed`},
		{ok, `a undefine 1 2 0; a undefine 3 4 error 55 cannot undefine transient domain; a isactive 5 6 1`},
		{redefined, `a destroy 1 2 0; a undefine 3 4 0; a info 5 6 error 42 no domain; a info 7 8 5`},
		{illegal, `a define 1 2 true; a info 5 6 error 42 no domain`},
		// A failing start leaves the domain as failed; a destroy that met it succeeds.
		{ok, `a destroy 1 2 0; a start 3 9 error 1 internal error: process exited while connecting to monitor; b state 4 5 [3,11]; a state 10 11 [5,6]`},
		{illegal, `a start 3 9 error 1 internal error: process exited while connecting to monitor; a info 10 11 1`},
		{ok, `a start 3 9 error 1 internal error: process exited while connecting to monitor; b destroy 4 10 0; a info 11 12 5`},
		// What no model knows may have done anything; an error of it tells nothing.
		{ok, `a suspend 1 2 0; a migrate 3 4 0; a info 5 6 1`},
		{illegal, `a suspend 1 2 0; a migrate 3 4 error 38 no; a info 5 6 1`},
		// Other spellings.
		{illegal, `a virDomainSuspend 1 2 0; a virDomainGetInfo 3 4 [1,2,3]`},
		{ok, `a virDomainCreate 1 2 0; a domain_get_info 3 4 1`},
	} {
		r := Check(t.Context(), parseCalls(t, tt.calls), Options{})
		got := r.Verdict().String()
		if len(r.Assumed) > 0 {
			got = guest
			if !r.Assumed[0].Guest {
				got = redefined
			}
		}
		if got != tt.want {
			t.Errorf("%s, want %s: %s", got, tt.want, tt.calls)
		}
	}
}

// Different states are packed differently: equal sets are one by what is packed.
func TestPack(t *testing.T) {
	whole := state{
		life: present, persistent: true, active: true, show: asleep, why: anyReason, image: true, device: detaching, dying: true, ours: true,
		asked: true, job: snapshotting, owner: 255, resume: true, aborted: true,
	}
	random := rand.New(rand.NewPCG(15, 4))
	seen := map[packed]state{}
	for range 20000 {
		s := whole
		v := random.Uint64()
		flag := func() bool { v >>= 1; return v&1 == 1 }
		s.life, s.show, s.why = life(random.IntN(3)), show(random.IntN(8)), uint8(random.IntN(32))
		s.device, s.job, s.owner = device(random.IntN(3)), job(random.IntN(6)), uint8(random.IntN(256))
		s.persistent, s.active, s.image, s.dying, s.ours = flag(), flag(), flag(), flag(), flag()
		s.asked, s.resume, s.aborted = flag(), flag(), flag()
		if other, ok := seen[s.pack()]; ok && other != s {
			t.Fatalf("%+v and %+v are packed alike", s, other)
		}
		seen[s.pack()] = s
	}
	if len(seen) < 19000 {
		t.Errorf("only %d states", len(seen))
	}
}
