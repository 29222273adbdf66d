package driver_test

import (
	"net"
	"path/filepath"
	"testing"

	"github.com/lockproof/lockproof/driver"
	"github.com/lockproof/lockproof/driver/drivertest"
)

// The runtime of production does what every runtime must. Time is real, for a bubble's stands still
// while somebody waits for a mutex.
func TestRuntime(t *testing.T) {
	drivertest.Runtime(t, drivertest.Harness{Run: func(t *testing.T, body func(driver.Runtime)) { body(driver.Real()) }})
}

func TestTransport(t *testing.T) {
	t.Run("pipe", func(t *testing.T) {
		drivertest.Transport(t, func(*testing.T) (net.Conn, net.Conn) { return net.Pipe() })
	})
	t.Run("socket", func(t *testing.T) {
		drivertest.Transport(t, func(t *testing.T) (net.Conn, net.Conn) {
			listener, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
			if err != nil {
				t.Fatal(err)
			}
			defer listener.Close()
			theirs, err := net.Dial("unix", listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			ours, err := listener.Accept()
			if err != nil {
				t.Fatal(err)
			}
			return ours, theirs
		})
	})
}
