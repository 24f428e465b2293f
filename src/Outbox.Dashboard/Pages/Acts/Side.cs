namespace Outbox.Dashboard.Pages.Acts;

/// <summary>Where a message is parked.</summary>
internal enum Side
{
    /// <summary>It could not be published.</summary>
    Outbox,

    /// <summary>It could not be processed, or waits.</summary>
    Inbox,
}
