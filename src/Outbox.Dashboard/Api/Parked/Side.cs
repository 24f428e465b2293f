namespace Outbox.Dashboard.Api.Parked;

/// <summary>Where a message is parked.</summary>
internal enum Side
{
    /// <summary>It could not be published.</summary>
    Outbox,

    /// <summary>It was consumed, and could not be processed or waits.</summary>
    Inbox,
}
