package linear

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lockproof/lockproof/driver"
)

var update = flag.Bool("update", false, "write the golden files again")

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// domainsOfInterest are the situations of a domain that calls tell apart.
var domainsOfInterest = []domain{
	{},
	{ghosts: 1},
	{exists: true, persistent: true, may: shutoff, memory: 1},
	{exists: true, persistent: true, may: shutoff, memory: 1, ghosts: 1},
	{exists: true, persistent: true, may: running, memory: 1},
	{exists: true, persistent: true, may: paused, memory: 1},
	{exists: true, persistent: true, may: running, memory: 1, gone: true},
	{exists: true, persistent: true, may: running | paused, memory: 1, gone: true},
	{exists: true, may: running, memory: 1, ghosts: 2},
	{exists: true, may: paused, memory: 1, gone: true},
}

func ghosts(d domain) string {
	if d.ghosts == 0 {
		return d.String()
	}
	return fmt.Sprintf("%s, %d old", d, d.ghosts)
}

// everyCall gives each call with each result. Memory is 1 before and 2 where a call sets it.
func everyCall(each func(c *apiCall, text string)) {
	for op := driver.OpDefine; op <= driver.OpDied; op++ {
		try := func(o Operation, outlived bool) {
			o.Call.Domain, o.Call.Op = "vm1", op
			if takesArgument(op) {
				o.Call.Arg = 2
			}
			text := o.String()
			if op == driver.OpDied && !o.pending() && o.Code == driver.OK {
				text += map[bool]string{true: " and stays defined", false: " and is gone"}[o.Info.Persistent]
			}
			if outlived {
				text += " during a death"
			}
			each(&apiCall{Operation: &o, outlived: outlived}, text)
		}
		try(Operation{To: Never}, false)
		for code := driver.OK; code <= driver.Closed; code++ {
			state, memory, persistent := resultFields(op, code)
			infos := []driver.Info{{}}
			if state {
				infos = []driver.Info{{State: driver.Shutoff}, {State: driver.Running}, {State: driver.Paused}}
			}
			if memory {
				for _, i := range infos {
					i.Memory = 1
					infos = append(infos, i)
				}
			}
			if persistent {
				for _, i := range infos {
					i.Persistent = true
					infos = append(infos, i)
				}
			}
			for _, i := range infos {
				try(Operation{To: 1, Code: code, Info: i}, false)
			}
			if op == driver.OpSetMemory {
				try(Operation{To: 1, Code: code}, true)
			}
		}
	}
}

// The sequential domain, as a table: what each call can come to in each situation, and what becomes
// of the domain.
func TestDomainTable(t *testing.T) {
	var b strings.Builder
	for _, d := range domainsOfInterest {
		fmt.Fprintf(&b, "%s\n", ghosts(d))
		everyCall(func(c *apiCall, text string) {
			switch next, ok := stepDomain(d, c); {
			case ok && next == d:
				fmt.Fprintf(&b, "\t%s\n", text)
			case ok:
				fmt.Fprintf(&b, "\t%s: %s\n", text, ghosts(next))
			}
		})
	}
	golden(t, "domain.txt", b.String())
}

// A call that is said to be silent changes nothing. It may tell in which of several states a domain
// is.
func TestSilentCallsChangeNothing(t *testing.T) {
	changes := map[bool]int{}
	for _, d := range domainsOfInterest {
		everyCall(func(c *apiCall, text string) {
			next, ok := stepDomain(d, c)
			if !ok {
				return
			}
			told := next
			if told.may&^d.may == 0 {
				told.may = d.may
			}
			changes[isSilent(c)] += map[bool]int{true: 1}[told != d]
			if isSilent(c) && told != d {
				t.Errorf("%s is silent and makes %s of %s", text, ghosts(next), ghosts(d))
			}
		})
	}
	if changes[false] < 50 {
		t.Error("only", changes[false], "calls change anything")
	}
}

// Calls that only look are silent, or most histories of readers would have too many situations.
func TestSilentCalls(t *testing.T) {
	for op, want := range map[driver.Op]bool{
		driver.OpInfo: true, driver.OpQuery: true, driver.OpLongJob: true, driver.OpWait: true,
		driver.OpDefine: false, driver.OpStart: false, driver.OpSetMemory: false, driver.OpDied: false,
	} {
		o := Operation{Call: driver.Call{Op: op, Domain: "vm1"}, To: 1}
		if got := isSilent(&apiCall{Operation: &o}); got != want {
			t.Errorf("%s: %v", o.String(), got)
		}
		o.To = Never
		if isSilent(&apiCall{Operation: &o}) {
			t.Errorf("%s is silent, and may yet change something", o.String())
		}
	}
	o := Operation{Call: driver.Call{Op: driver.OpDefine, Domain: "vm1"}, To: 1, Code: driver.Exists}
	if !isSilent(&apiCall{Operation: &o}) {
		t.Error("a define that failed is not silent")
	}
}

// The slot of jobs, as a table: who can begin, be refused and end what, and whose the job is then.
func TestSlotTable(t *testing.T) {
	clients := []string{"a", "b"}
	var b strings.Builder
	for _, s := range []slot{
		{}, {owner: 1, kind: Query}, {owner: 1, kind: Modify}, {async: 1}, {async: 1, owner: 1, kind: Nested}, {async: 1, owner: 2, kind: Query},
	} {
		fmt.Fprintf(&b, "%s\n", describeSlot(s, clients))
		for action := beginJob; action <= idle; action++ {
			for owner := int32(1); owner <= 2; owner++ {
				for kind := Query; kind <= Nested; kind++ {
					j := &jobStep{action, owner, kind, &Job{Client: clients[owner-1], Domain: "vm1", Type: kind}}
					switch next, ok := stepSlot(s, j); {
					case !ok, action == idle && (owner > 1 || kind > Query):
					case next == s:
						fmt.Fprintf(&b, "\t%s\n", j.describe())
					default:
						fmt.Fprintf(&b, "\t%s: %s\n", j.describe(), describeSlot(next, clients))
					}
				}
			}
		}
	}
	golden(t, "slot.txt", b.String())
}
