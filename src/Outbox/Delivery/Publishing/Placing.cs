using Outbox.Messages;

namespace Outbox.Delivery.Publishing;

/// <summary>Asks where a message goes.</summary>
internal static class Placing
{
    /// <summary>Its topic, when the publisher throws for it: what is wrong with the message shows when it is published.</summary>
    public static Place TryPlaceOf(this IMessagePublisher publisher, OutboxMessage message)
    {
        try
        {
            return publisher.PlaceOf(message);
        }
        catch (Exception)
        {
            return new Place(message.Topic);
        }
    }
}
