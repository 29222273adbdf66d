package driver

import (
	"bufio"
	"net"
	"sync"
	"time"
)

// slowAnswer is how long the fault qmp-slow delays an answer.
const slowAnswer = 20 * time.Millisecond

// An InProcessHypervisor makes QMP servers that are goroutines of this process, each at the other
// end of a net.Pipe.
type InProcessHypervisor struct {
	rt      Runtime
	mutex   sync.Mutex
	servers map[string]*server
}

// InProcess is the hypervisor of a driver that is told nothing else. Of the runtime it asks only
// which faults strike.
func InProcess(rt Runtime) *InProcessHypervisor {
	return &InProcessHypervisor{rt: rt, servers: map[string]*server{}}
}

// Spawn starts a server.
func (h *InProcessHypervisor) Spawn(domain string, memory int64) (Process, error) {
	if h.rt.Choose(domain+".spawn", spawnFaults) != NoFault {
		return nil, errSpawn
	}
	ours, theirs := net.Pipe()
	s := &server{
		rt: h.rt, point: domain + ".qemu", driver: ours, conn: theirs, guest: guest{memory: memory << 10},
		out: newRealQueue(),
	}
	go s.write()
	go s.serve()
	h.mutex.Lock()
	h.servers[domain] = s
	h.mutex.Unlock()
	return s, nil
}

// Crash closes the connection of the server that a domain had last.
func (h *InProcessHypervisor) Crash(domain string) bool {
	h.mutex.Lock()
	s := h.servers[domain]
	h.mutex.Unlock()
	if s == nil {
		return false
	}
	s.Kill()
	return true
}

// A server is one pretended QEMU.
type server struct {
	rt           Runtime
	point        string
	driver, conn net.Conn // the driver's end and the server's
	guest        guest    // used by serve
	out          *realQueue
}

func (s *server) Open() (Transport, error) { return NewTransport(s.driver), nil }

func (s *server) Kill() {
	s.conn.Close()
	s.out.Close()
}

// serve reads commands. It never writes, so a driver that sends always gets rid of its command: a
// pipe has no buffer.
func (s *server) serve() {
	defer s.out.Close()
	s.out.Send([]byte(greeting))
	in := bufio.NewScanner(s.conn)
	for in.Scan() {
		fault := s.rt.Choose(s.point, answerFaults)
		if fault == SlowAnswer {
			s.rt.Sleep(slowAnswer)
		}
		r := s.guest.answer(in.Bytes(), fault)
		for _, line := range r.lines {
			s.out.Send([]byte(line))
		}
		if r.last {
			return
		}
	}
}

// write sends answers and events, and closes the connection after the last.
func (s *server) write() {
	defer s.conn.Close()
	for {
		message, ok := s.out.Receive()
		if !ok {
			return
		}
		if _, err := s.conn.Write(message); err != nil {
			s.out.Close()
			return
		}
	}
}
