/* Daemons start programs, and a program begins as a child of the daemon: a copy of its memory with the one thread that
 * forks. libvirt's child writes to the log before it becomes another program. */

static virMutex logLock;

static void message(void)
{
    virMutexLock(&logLock);
    virMutexUnlock(&logLock);
}

void logs(void)
{
    message();
}

void spawns(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        message();
        _exit(0);
    }
    waitpid(pid, NULL, 0);
}

void spawnsLocked(void)
{
    pid_t pid;

    virMutexLock(&logLock);
    pid = fork();
    virMutexUnlock(&logLock);

    if (pid == 0) {
        message();
        _exit(0);
    }
    waitpid(pid, NULL, 0);
}
