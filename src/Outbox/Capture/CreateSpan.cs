using System.Diagnostics;
using Outbox.Diagnostics;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Capture;

/// <summary>The span of a message's creation, which everything that becomes of the message is linked to. It is there before the transaction commits, so also for messages that are rolled back.</summary>
internal static class CreateSpan
{
    public static Activity? Start(MessageRegistration registration, CapturedCall call, MessageOptions settings, string messageId)
    {
        if (!Spans.AreWatched)
        {
            return null;
        }

        var span = Spans.Start(MessagingAttributes.Create, settings.ReplyTo is null ? registration.Topic : BusTopics.Replies, parent: default);
        if (span?.IsAllDataRequested == true)
        {
            span.SetTag(MessagingAttributes.MessageId, messageId)
                .SetTag(MessagingAttributes.KafkaKey, settings.PartitionKey ?? call.EntityId)
                .SetTag(MessagingAttributes.MessageType, registration.Type)
                .SetTag(MessagingAttributes.EntityType, registration.EntityType)
                .SetTag(MessagingAttributes.KafkaTombstone, call.Message is null ? true : null);
        }

        return span;
    }
}
