namespace Outbox.Inbox;

/// <summary>Keeps consumed messages that could not be processed, whole, where a person sees them.</summary>
public interface IInboxParking
{
    /// <summary>Parks a message. The same endpoint, topic, partition and offset is kept once: parking it again updates the error.</summary>
    Task ParkAsync(ParkedMessage message, CancellationToken cancellationToken);
}
