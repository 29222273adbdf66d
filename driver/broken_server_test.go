package driver

import (
	"bufio"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A script is a QMP server that says what it is told to.
type script struct {
	greeting string
	deaf     bool // it reads nothing
	// answer is what it writes for the n-th command, from 0, and whether it closes afterwards.
	answer func(n int, line string) (text string, last bool)
}

func (s *script) Spawn(string, int64) (Process, error) {
	ours, theirs := net.Pipe()
	p := &scriptProcess{ours: ours, theirs: theirs, done: make(chan struct{})}
	go p.serve(s)
	return p, nil
}

type scriptProcess struct {
	ours, theirs net.Conn
	done         chan struct{}
}

func (p *scriptProcess) serve(s *script) {
	defer close(p.done)
	_, err := io.WriteString(p.theirs, s.greeting)
	if s.deaf {
		return
	}
	defer p.theirs.Close()
	if err != nil || s.answer == nil {
		io.Copy(io.Discard, p.theirs)
		return
	}
	in := bufio.NewScanner(p.theirs)
	for n := 0; in.Scan(); n++ {
		text, last := s.answer(n, in.Text())
		if _, err := io.WriteString(p.theirs, text); err != nil || last {
			return
		}
	}
}

func (p *scriptProcess) Open() (Transport, error) { return NewTransport(p.ours), nil }
func (p *scriptProcess) Kill() {
	p.theirs.Close()
	<-p.done
}

// good answers as QEMU would, until command n, for which it says something else.
func good(n int, text string, last bool) func(int, string) (string, bool) {
	g := &guest{}
	return func(i int, line string) (string, bool) {
		if i == n {
			return strings.ReplaceAll(text, "ID", "libvirt-"+string(rune('1'+i))), last
		}
		return strings.Join(g.answer([]byte(line), NoFault).lines, ""), false
	}
}

// The third command is the query.
const third = 2

var brokenServers = []struct {
	name   string
	server script
	starts bool // the start goes well
	lives  bool // the error is not the end of the domain
	want   error
	code   Code // 0: MonitorGone
	after  time.Duration
}{
	{name: "silent from the start", server: script{}, want: errNoAnswer, after: 30 * time.Second},
	{name: "garbage for a greeting", server: script{greeting: "SSH-2.0-OpenSSH_9.2\r\n"}, want: &ProtocolError{}},
	{name: "half a greeting", server: script{greeting: `{"QMP":`}, want: errNoAnswer, after: 30 * time.Second},
	{name: "null for a greeting", server: script{greeting: `{"QMP":null}` + "\n", answer: good(-1, "", false)}, want: &ProtocolError{}},
	{name: "number for a greeting", server: script{greeting: `{"QMP":7}` + "\n", answer: good(-1, "", false)}, want: &ProtocolError{}},
	{name: "answer for a greeting", server: script{greeting: `{"return":{},"id":"libvirt-0"}` + "\n", answer: good(-1, "", false)}, want: &ProtocolError{}},
	{name: "refusal for a greeting", server: script{greeting: `{"error":{"class":"C","desc":"D"}}` + "\n", answer: good(-1, "", false)}, want: &ProtocolError{}},
	{name: "event before the greeting", server: script{greeting: `{"event":"STOP"}` + "\n" + greeting, answer: good(-1, "", false)}, starts: true},
	{name: "two greetings", server: script{greeting: greeting + greeting, answer: good(-1, "", false)}, want: &ProtocolError{}},
	{name: "refuses the capabilities", server: script{greeting: greeting, answer: good(0, `{"error":{"class":"C","desc":"D"},"id":"ID"}`+"\n", false)}, want: &QMPError{}, code: Refused},
	{name: "greeting for capabilities", server: script{greeting: greeting, answer: good(0, greeting, false)}, want: &ProtocolError{}},
	{name: "reads nothing", server: script{greeting: greeting, deaf: true}, want: errNotRead, after: 10 * time.Second},
	{name: "closes on capabilities", server: script{greeting: greeting, answer: good(0, "", true)}, want: io.EOF},
	{name: "garbage", server: script{greeting: greeting, answer: good(third, "}{\n", false)}, starts: true, want: &ProtocolError{}},
	{name: "empty line", server: script{greeting: greeting, answer: good(third, "\n", false)}, starts: true, want: &ProtocolError{}},
	{name: "not an answer", server: script{greeting: greeting, answer: good(third, `{"hello":1}`+"\n", false)}, starts: true, want: &ProtocolError{}},
	{name: "two answers in one", server: script{greeting: greeting, answer: good(third, `{"return":{},"event":"STOP","id":"ID"}`+"\n", false)}, starts: true, want: &ProtocolError{}},
	{name: "error that is none", server: script{greeting: greeting, answer: good(third, `{"error":7,"id":"ID"}`+"\n", false)}, starts: true, want: &ProtocolError{}},
	{name: "error that says nothing", server: script{greeting: greeting, answer: good(third, `{"error":{},"id":"ID"}`+"\n", false)}, starts: true, want: &ProtocolError{}},
	{name: "refuses", server: script{greeting: greeting, answer: good(third, `{"error":{"class":"C","desc":""},"id":"ID"}`+"\n", false)}, starts: true, want: &QMPError{}, code: Refused, lives: true},
	{name: "number for a status", server: script{greeting: greeting, answer: good(third, `{"return":5,"id":"ID"}`+"\n", false)}, starts: true, want: &ProtocolError{}},
	{name: "null for a status", server: script{greeting: greeting, answer: good(third, `{"return":null,"id":"ID"}`+"\n", false)}, starts: true, want: &ProtocolError{}},
	{name: "status that says nothing", server: script{greeting: greeting, answer: good(third, `{"return":{},"id":"ID"}`+"\n", false)}, starts: true, want: &ProtocolError{}},
	{name: "running is a string", server: script{greeting: greeting, answer: good(third, `{"return":{"running":"true"},"id":"ID"}`+"\n", false)}, starts: true, want: &ProtocolError{}},
	{name: "event without a name", server: script{greeting: greeting, answer: good(third, `{"event":"","id":"ID"}`+"\n", false)}, starts: true, want: &ProtocolError{}},
	{name: "number for an event", server: script{greeting: greeting, answer: good(third, `{"event":7,"id":"ID"}`+"\n", false)}, starts: true, want: &ProtocolError{}},
	{name: "half a line, then closes", server: script{greeting: greeting, answer: good(third, `{"return":{"running"`, true)}, starts: true, want: io.ErrUnexpectedEOF},
	{name: "half a line, then silence", server: script{greeting: greeting, answer: good(third, `{"return":{"running"`, false)}, starts: true, want: errNoAnswer, after: 30 * time.Second},
	{name: "silence", server: script{greeting: greeting, answer: good(third, "", false)}, starts: true, want: errNoAnswer, after: 30 * time.Second},
	{name: "closes", server: script{greeting: greeting, answer: good(third, "", true)}, starts: true, want: io.EOF},
	{name: "wrong id", server: script{greeting: greeting, answer: good(third, `{"return":{},"id":"libvirt-99"}`+"\n", false)}, starts: true, want: &ProtocolError{}},
	{name: "no id", server: script{greeting: greeting, answer: good(third, `{"return":{}}`+"\n", false)}, starts: true, want: &ProtocolError{}},
	{name: "somebody else's id", server: script{greeting: greeting, answer: good(third, `{"return":{},"id":"virsh-3"}`+"\n", false)}, starts: true, want: &ProtocolError{}},
	{name: "line without end", server: script{greeting: greeting, answer: good(third, `{"return":"`+strings.Repeat("x", maxLine+1<<14), false)}, starts: true, want: &ProtocolError{}},
	{name: "events around the answer", server: script{greeting: greeting, answer: good(third, `{"event":"RTC_CHANGE"}`+"\r\n"+`{"return":{"running":true},"id":"ID"}`+"\r\n"+`{"event":"BALLOON_CHANGE","data":{"actual":[{}]}}`+"\n", false)}, starts: true},
}

// Whatever a QMP server does, the caller gets a clear error in time, the domain is marked dead
// unless QEMU only refused, and no goroutine is left.
func TestBrokenServers(t *testing.T) {
	for _, tt := range brokenServers {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := New(Real(), Options{Hypervisor: &tt.server})
				defer d.Close()
				c := d.Connect("test")
				must(t, c.Define("vm1", 1024))
				before := time.Now()
				err := c.Start("vm1")
				if tt.starts {
					must(t, err)
					var state State
					state, err = c.Query("vm1")
					if err == nil && state != Running {
						t.Error(state)
					}
				}
				t.Log(err)
				if waited := time.Since(before); waited != tt.after {
					t.Errorf("it took %v, want %v", waited, tt.after)
				}
				synctest.Wait()
				i, infoErr := c.Info("vm1")
				must(t, infoErr)
				if tt.want == nil {
					if err != nil || i.State != Running {
						t.Fatal(err, i)
					}
					return
				}
				want := tt.code
				if want == OK {
					want = MonitorGone
				}
				if CodeOf(err) != want || !sameKind(err, tt.want) || (i.State == Running) != tt.lives {
					t.Errorf("%s, %T, %v; want %s, %T; the domain is %s", CodeOf(err), errors.Unwrap(err), err, want, tt.want, i.State)
				}
			})
		})
	}
}

// sameKind reports whether err is target, or has an error of its type inside.
func sameKind(err, target error) bool {
	switch target.(type) {
	case *ProtocolError:
		var p *ProtocolError
		return errors.As(err, &p)
	case *QMPError:
		var q *QMPError
		return errors.As(err, &q)
	}
	return errors.Is(err, target)
}

// A server that talks without listening does not stop the driver.
func TestServerThatOnlyTalks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		events := strings.Repeat(`{"event":"RTC_CHANGE"}`+"\n", 10_000)
		s := &script{greeting: greeting + events, answer: good(-1, "", false)}
		d := New(Real(), Options{Hypervisor: s})
		defer d.Close()
		c := d.Connect("test")
		must(t, c.Define("vm1", 1024))
		must(t, c.Start("vm1"))
	})
}
