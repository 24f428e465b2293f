namespace Outbox.Dashboard.Pages.Frame;

/// <summary>What is said after an act. An address names one of these, and cannot make the page say anything else.</summary>
internal static class Notices
{
    public const string Name = "did";
    public const string Retried = "retried";
    public const string Discarded = "discarded";
    public const string Restored = "restored";
    public const string Edited = "edited";
    public const string Released = "released";
    public const string Paused = "paused";
    public const string Resumed = "resumed";
    public const string Started = "started";
    public const string Cancelled = "cancelled";
    public const string Nothing = "nothing";

    public static string? Text(string? code) => code switch
    {
        Retried => "It is being tried again.",
        Discarded => "It was given up. It can be restored.",
        Restored => "It is parked again, as it was.",
        Edited => "Its payload was changed, and it is being tried again. What it had is in the audit.",
        Released => "The missing versions were given up, and the sequence goes on.",
        Paused => "It is paused, and goes on by itself at the end.",
        Resumed => "It goes on.",
        Started => "The operation is under way. An instance of the service begins within seconds.",
        Cancelled => "The operation was ended. What was done stays done.",
        Nothing => "There was nothing to do any more: somebody has acted meanwhile, or this was sent twice.",
        _ => null,
    };
}
