namespace Outbox.Dashboard.Pages.Acts;

/// <summary>What acts, and the pages that they lead to, are called in addresses.</summary>
internal static class Routes
{
    public const string Retry = "retry";
    public const string Discard = "discard";
    public const string Restore = "restore";
    public const string Edit = "edit";
    public const string RetryAll = "retry-all";
    public const string DiscardAll = "discard-all";
    public const string RestoreAll = "restore-all";
    public const string Release = "release";
    public const string Pause = "pause";
    public const string Resume = "resume";
    public const string Cancel = "cancel";
    public const string Message = "message";
    public const string Payload = "payload";
    public const string Operation = "operation";
    public const string Why = "why";
}
