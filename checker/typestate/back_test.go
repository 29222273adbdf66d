package typestate_test

import (
	"context"
	"testing"

	"github.com/lockproof/lockproof/checker/typestate"
	"github.com/lockproof/lockproof/csource/tree"
)

// A function that is kept in a field for all is called back only on behalf of its own folder: a
// connection that the log opens is not one of the monitor's.
func TestCalledBackFolders(t *testing.T) {
	const types = `
typedef struct client client;
typedef void (*closeFunc)(client *c, virDomainObj *vm);
struct client { virMutex lock; closeFunc closed; virDomainObj *vm; };
void clientClose(client *c);
void clientWhenClosed(client *c, closeFunc f);
`
	files := map[string]string{
		"net/client.c": types + `
void clientWhenClosed(client *c, closeFunc f) { c->closed = f; }
void clientClose(client *c) { c->closed(c, c->vm); }
`,
		"monitor/monitor.c": types + `
static void monitorClosed(client *c, virDomainObj *vm)
{
    virObjectLock(vm);
    virObjectUnlock(vm);
}
void monitorOpen(client *c) { clientWhenClosed(c, monitorClosed); }
`,
	}
	const holder = types + `
void holds(client *c, virDomainObj *vm)
{
    virObjectLock(vm);
    clientClose(c);
    virObjectUnlock(vm);
}
`
	for name, want := range map[string]int{"monitor/stop.c": 1, "log/log.c": 0} {
		names := []string{"net/client.c", "monitor/monitor.c", name}
		all, err := tree.Parse(context.Background(), names, func(file string) ([]byte, error) {
			if file == name {
				return []byte(holder), nil
			}
			return []byte(files[file]), nil
		})
		if err != nil {
			t.Fatal(err)
		}
		r, err := typestate.Check(context.Background(), all, typestate.Options{Contract: contract(t, "jobs.c")})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Findings) != want {
			t.Errorf("%s: %d findings, want %d: %+v", name, len(r.Findings), want, r.Findings)
		}
		for _, f := range r.Findings {
			if f.Function != "monitorClosed" {
				t.Errorf("%s: stands in %s: %s", name, f.Function, f.Message)
			}
		}
	}
}
