package interp_test

import (
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/csource/interp"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
	"github.com/lockproof/lockproof/scenarios"
)

// suiteFiles parses the C of a suite of the library as the suite does.
func suiteFiles(t testing.TB, name string) []*syntax.File {
	t.Helper()
	suites, err := scenarios.Library()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(suites, func(s *scenarios.Suite) bool { return s.Name == name })
	if i < 0 {
		t.Fatalf("there is no suite %s", name)
	}
	p := syntax.NewParser(t.Context(), syntax.Options{Include: func(from model.Pos, name string) (syntax.Source, error) {
		at := path.Join(path.Dir(from.File), name)
		text, err := os.ReadFile("../../" + at)
		return syntax.Source{Name: at, Text: text}, err
	}})
	var files []*syntax.File
	for _, src := range suites[i].Sources {
		files = append(files, p.Parse(src))
	}
	if err := p.Diagnostics().Err(); err != nil {
		t.Fatal(err)
	}
	return files
}

// The helpers of the driver, as a host that is the driver provides them. What they give is that all
// goes well.
var helpers = map[string]int64{
	"qemuDriverLock": 0, "qemuDriverUnlock": 0, "virDomainObjLock": 0, "virDomainObjUnlock": 0, "qemuMonitorLock": 0,
	"qemuMonitorUnlock": 0, "virDomainFindByUUID": 0, "virDomainRemoveInactive": 0, "virDomainObjIsActive": 1, "touch": 0,
	"qemuMonitorCommand": 0, "qemuDomainObjBeginJob": 0, "qemuDomainObjBeginJobWithDriver": 0, "qemuDomainObjEndJob": 1,
	"qemuDomainObjEnterMonitor": 0, "qemuDomainObjExitMonitor": 0,
}

// driver is a host that provides the helpers, by result. It returns the domain that a look-up asks
// for, unless it is gone.
type driver struct {
	*world
	results map[string]int64
	gone    bool
	calls   []string
}

func (d *driver) Provides(name string) bool {
	_, ok := helpers[name]
	return ok || name == "nondet"
}

func (d *driver) Call(site interp.Site, name string, args []interp.Value) interp.Value {
	text := strings.TrimSuffix(site.Text[:strings.Index(site.Text, "(")], " ")
	for _, prefix := range []string{"qemuDomainObj", "virDomainObj", "qemuDriver", "qemuMonitor", "virDomain", "qemu"} {
		if rest, ok := strings.CutPrefix(text, prefix); ok {
			text = map[string]string{"qemuDriver": "driver", "virDomainObj": "vm", "qemuMonitor": "mon"}[prefix] + rest
			break
		}
	}
	d.calls = append(d.calls, text)
	if name == "virDomainFindByUUID" && !d.gone {
		return args[1]
	}
	if n, ok := d.results[name]; ok {
		return interp.Value{Int: n}
	}
	return interp.Value{Int: helpers[name]}
}

// TestLibraryCalls pins what every thread body of the library asks of the driver, when all goes
// well and when it does not.
func TestLibraryCalls(t *testing.T) {
	const (
		look   = "driverLock FindByUUID driverUnlock"
		with   = "driverLock FindByUUID BeginJobWithDriver"
		talk   = "EnterMonitor monCommand ExitMonitor"
		finish = "EndJob vmUnlock"
	)
	refused := map[string]int64{"qemuDomainObjBeginJob": -1, "qemuDomainObjBeginJobWithDriver": -1}
	last := map[string]int64{"qemuDomainObjEndJob": 0}
	off := map[string]int64{"virDomainObjIsActive": 0}
	deaf := map[string]int64{"qemuMonitorCommand": -1}
	for _, c := range []struct {
		suite, function string
		results         map[string]int64
		gone            bool
		args            string
		result          int64
		want            string
	}{
		{suite: "call-patterns", function: "query", want: look + " BeginJob " + talk + " " + finish},
		{suite: "call-patterns", function: "query", gone: true, want: look},
		{suite: "call-patterns", function: "query", results: refused, want: look + " BeginJob vmUnlock"},
		{suite: "call-patterns", function: "modify", want: with + " driverUnlock " + talk + " " + finish},
		{suite: "call-patterns", function: "modify", gone: true, want: look},
		{suite: "call-patterns", function: "modify", results: refused, want: with + " vmUnlock driverUnlock"},
		{suite: "call-patterns", function: "relock", want: with + " touch driverUnlock EnterMonitor monCommand driverLock ExitMonitor " + finish + " driverUnlock"},
		{suite: "call-patterns", function: "relock", results: refused, want: with + " vmUnlock driverUnlock"},
		{suite: "call-patterns", function: "wdriver", want: with + " touch EnterMonitor driverUnlock monCommand monUnlock driverLock vmLock " + finish + " driverUnlock"},
		{suite: "call-patterns", function: "wdriver", gone: true, want: look},
		{suite: "call-patterns", function: "event", want: "monLock monCommand monUnlock vmLock touch vmUnlock"},
		{suite: "call-patterns", function: "undefine", want: "driverLock FindByUUID RemoveInactive driverUnlock"},
		{suite: "call-patterns", function: "undefine", gone: true, want: look},
		{suite: "call-patterns", function: "qemuProcessDied", want: "nondet monLock monUnlock driverLock FindByUUID driverUnlock vmUnlock"},
		{suite: "removal-2009-12", function: "query_z", want: look + " BeginJob " + talk + " " + finish},
		{suite: "removal-2009-12", function: "query_z", results: last, want: look + " BeginJob " + talk + " EndJob"},
		{suite: "exit-monitor-order", function: "docexit", want: look + " BeginJob EnterMonitor monCommand vmLock monUnlock " + finish},
		{suite: "exit-monitor-order", function: "relockdoc", want: with + " touch driverUnlock EnterMonitor monCommand driverLock vmLock monUnlock " + finish + " driverUnlock"},
		{suite: "exit-monitor-order", function: "nojob", want: look + " " + talk + " vmUnlock"},
		{suite: "exit-monitor-order", function: "rogue", want: look + " monLock vmUnlock monCommand monUnlock vmLock vmUnlock"},
		{suite: "exit-monitor-order", function: "heldbegin", want: "driverLock FindByUUID BeginJob driverUnlock " + talk + " " + finish},
		{suite: "exit-monitor-order", function: "heldall", want: "driverLock FindByUUID BeginJob " + talk + " " + finish + " driverUnlock"},
		{suite: "exit-monitor-order", function: "late", want: look + " BeginJob " + talk + " driverLock " + finish + " driverUnlock"},
		{suite: "exit-monitor-order", function: "eventbug", want: "monLock monCommand vmLock touch vmUnlock monUnlock"},
		{suite: "exit-monitor-order", function: "modify_k", want: with + " driverUnlock " + talk + " " + finish},
		{suite: "exit-monitor-order", function: "modify_k", results: refused, want: with + " vmUnlock"},
		{suite: "spelling", function: "qemudDomainSuspend", want: look + " BeginJob vmIsActive " + talk + " " + finish},
		{suite: "spelling", function: "qemudDomainSuspend", gone: true, result: -1, want: look},
		{suite: "spelling", function: "qemudDomainSuspend", results: refused, result: -1, want: look + " BeginJob vmUnlock"},
		{suite: "spelling", function: "qemudDomainSuspend", results: off, result: -1, want: look + " BeginJob vmIsActive " + finish},
		{suite: "spelling", function: "qemudDomainSuspend", results: deaf, result: -1, want: look + " BeginJob vmIsActive " + talk + " " + finish},
		{suite: "spelling", function: "qemudDomainSetMemory", args: "512", want: with + " driverUnlock EnterMonitor monCommand driverLock ExitMonitor " + finish + " driverUnlock"},
		{suite: "spelling", function: "qemudDomainSetMemory", args: "2048", result: -1, want: "driverLock FindByUUID vmUnlock driverUnlock"},
		{suite: "spelling", function: "qemudDomainSetMemory", args: "512", results: refused, result: -1, want: with + " vmUnlock driverUnlock"},
		{suite: "spelling", function: "qemudDomainSetMemory", args: "512", results: deaf, result: -1, want: with + " driverUnlock EnterMonitor monCommand driverLock ExitMonitor " + finish + " driverUnlock"},
	} {
		t.Run(c.suite+":"+c.function, func(t *testing.T) {
			files := suiteFiles(t, c.suite)
			p, d := interp.New(files), &driver{world: newWorld(files), results: c.results, gone: c.gone}
			if ds := p.Check(c.function, d); len(ds) > 0 {
				t.Fatal(ds)
			}
			result, err := p.Run(d, c.function, d.arguments(definition(files, c.function), append([]string{"vm1"}, strings.Fields(c.args)...)))
			if err != nil || result.Int != c.result {
				t.Fatalf("got %v, %v", result, err)
			}
			if got := strings.Join(d.calls, " "); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestLibraryAgreesWithLower runs every body of every suite of a protocol down to the locks, and
// follows each run through lower's program. Others start threads, and wait for them.
func TestLibraryAgreesWithLower(t *testing.T) {
	suites, err := scenarios.Library()
	if err != nil {
		t.Fatal(err)
	}
	bodies := 0
	for _, s := range suites {
		if s.Protocol == "" || strings.HasPrefix(s.Name, "era-") {
			continue // the world has the primitives of the mail's family, and not those of later eras
		}
		files := suiteFiles(t, s.Name)
		p := interp.New(files)
		for _, function := range functions(s) {
			args := []string{"vm1"}
			switch function {
			case "qemudDomainSetMemory":
				args = append(args, "512")
			case "qemuMonitorIO":
				args = append(args, "1")
			}
			program, err := lowered(files, function, args...)
			if err != nil {
				t.Fatal(err)
			}
			w := newWorld(files)
			if ds := p.Check(function, w); len(ds) > 0 {
				t.Logf("%s, %s is not run: %s", s.Name, function, ds[0])
				continue
			}
			o := run(p, w, files, function, args...)
			if o.stop != nil && o.stop.kind == waitsForOthers {
				continue
			}
			if err := follow(program, w, o); err != nil {
				t.Errorf("%s, %s: %v", s.Name, function, err)
			}
			bodies++
		}
	}
	if bodies < 40 {
		t.Errorf("only %d bodies were run", bodies)
	}
}

// functions lists what the scenarios of a suite run as threads.
func functions(s *scenarios.Suite) []string {
	var names []string
	for _, sc := range s.Scenarios {
		for _, th := range sc.Threads {
			name, _, _ := strings.Cut(th.Call, "(")
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}
