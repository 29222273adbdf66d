/* Bugs in what is called when the last reference to something is gone, each before and after it was
 * repaired. The caller may have locked what the function locks. */
#include "guest.h"

/* LV080: events of a driver go to those who have registered. Who has has a reference to its connection. */
static virMutex events;
static int registered __attribute__((guarded_by(events)));

/* The connection closes, and looks whether something is left that was registered for it. */
struct lookingConnection {
    int refs __attribute__((refcount, dispose(closeLooking)));
};

static void closeLooking(struct lookingConnection *conn)
{
    virMutexLock(&events);
    access(conn);
    virMutexUnlock(&events);
}

/* There can be nothing left: it would have a reference. */
struct connection {
    int refs __attribute__((refcount, dispose(closeTrusting)));
};

static void closeTrusting(struct connection *conn)
{
    access(conn);
}

/* The last event is deregistered, when the client has closed the connection already. */
void deregisterLooking(struct lookingConnection *conn)
{
    virMutexLock(&events);
    registered = 0;
    virObjectUnref(conn);
    virMutexUnlock(&events);
}

void deregister(struct connection *conn)
{
    virMutexLock(&events);
    registered = 0;
    virObjectUnref(conn);
    virMutexUnlock(&events);
}

/* LV084: the guest agent tells its guest that it is gone. */
struct agent {
    int refs __attribute__((refcount, dispose(agentGone)));
};

static struct guest *owner __attribute__((new));
static struct agent *agent __attribute__((new)); /* of that guest */

static void agentGone(struct agent *a)
{
    virMutexLock(&owner->lock);
    access(owner);
    virMutexUnlock(&owner->lock);
}

static void closeAgent(struct agent *a)
{
    if (a)
        virObjectUnref(a);
}

/* The connection to the agent has ended. */
void agentEofLocked(void)
{
    virMutexLock(&owner->lock);
    closeAgent(agent);
    agent = NULL;
    virMutexUnlock(&owner->lock);
}

void agentEof(void)
{
    struct agent *a;

    virMutexLock(&owner->lock);
    a = agent;
    agent = NULL;
    virMutexUnlock(&owner->lock);
    closeAgent(a);
}
