namespace Outbox.Delivery.Publishing;

/// <summary>What became of one message of a batch.</summary>
/// <param name="Status">Whether it was published.</param>
/// <param name="Error">Why not.</param>
public readonly record struct PublishResult(PublishStatus Status, string? Error = null)
{
    /// <summary>With <see cref="PublishStatus.PlaceFailed"/>, what failed.</summary>
    public Place? Place { get; init; }

    /// <summary>The exception that it failed with, if it was one: parked messages are grouped by it.</summary>
    public Exception? Cause { get; init; }

    /// <summary>Acknowledged by all in-sync replicas.</summary>
    public static readonly PublishResult Published = new(PublishStatus.Published);

    /// <summary>Not published because an earlier message of its entity, or the whole batch, failed first.</summary>
    public static readonly PublishResult Held = new(PublishStatus.Held);

    /// <summary>The broker did not answer, in time or at all.</summary>
    public static PublishResult Unavailable(string error) => new(PublishStatus.Unavailable, error);

    /// <summary>The broker answered with an error that may pass.</summary>
    public static PublishResult Failed(string error) => new(PublishStatus.Failed, error);

    /// <summary>Refused for a reason in the message that no attempt can change: it is parked.</summary>
    public static PublishResult Refused(string error) => new(PublishStatus.Refused, error);

    /// <summary>
    /// Stored by a newer instance, with a type, a format or a schema version that this one does not know. It waits for one that does, and is parked when it is older than
    /// <c>UnknownMessageAge</c>.
    /// </summary>
    public static PublishResult NotKnown(string error) => new(PublishStatus.NotKnown, error);

    /// <summary>
    /// A place takes nothing: everything that goes there waits and is tried again, less and less often, and nothing is parked for it before <c>MaxAge</c>. Health and
    /// the log say <paramref name="place"/> and <paramref name="error"/>.
    /// </summary>
    public static PublishResult PlaceFailed(Place place, string error) => new(PublishStatus.PlaceFailed, error) { Place = place };
}
