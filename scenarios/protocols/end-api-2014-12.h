/* The end of an API call: what a look-up gave goes back, whichever way the call goes. NULL is
 * passed over. */
void qemuDomObjEndAPI(virDomainObjPtr *vm)
{
    if (!*vm)
        return;

    virObjectUnlock(*vm);
    virObjectUnref(*vm);
    *vm = NULL;
}
