using System.Diagnostics;
using System.Globalization;
using Outbox.Diagnostics;
using Outbox.Kafka.Asking.Topics;
using Outbox.Kafka.Asking.Wire;
using Outbox.Kafka.Formats.Wire;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Asking.Answering;

/// <summary>Has a request answered, unless nobody waits any more. Whatever goes wrong, its asker is told as far as it can be.</summary>
internal sealed class AnswerStep(AnswerPipeline pipeline, RequestTypes types, AnswerSender sender, RequestMetrics metrics) : IStep
{
    public async Task<Verdict[]> TakeAsync(IReadOnlyList<Passage> messages)
    {
        foreach (var message in messages)
        {
            var started = sender.Time.GetTimestamp();
            var outcome = await TakeAsync(message).ConfigureAwait(false);
            metrics.Answered(sender.Endpoint, outcome, sender.Time.GetElapsedTime(started));
        }

        return [.. messages.Select(_ => Verdict.Done(null))];
    }

    private async Task<string> TakeAsync(Passage message)
    {
        AskedRequest request;
        try
        {
            request = AskedRequest.Of(message);
        }
        catch (UnreadableMessageException error)
        {
            sender.Logger.RequestUnreadable(message.Record.Position.ToString(), sender.Endpoint, error.Message, "Nobody can be told.");
            return "unreadable";
        }

        if (sender.HasExpired(request, "before"))
        {
            return "expired";
        }

        using var span = Spans.AreWatched ? Start(request) : null;
        var answer = new Answer(request, sender);
        try
        {
            await pipeline.RunAsync(request, Read(request), answer).ConfigureAwait(false);
            if (answer.Outcome is null)
            {
                await answer.FailAsync(new OutboxException($"The consumer of '{request.Type}' on request endpoint '{sender.Endpoint}' has not answered: it has to call RespondAsync.")).ConfigureAwait(false);
            }
        }
        catch (Exception error)
        {
            await FailAsync(request, answer, error, span).ConfigureAwait(false);
            return error is UnreadableMessageException ? "unreadable" : answer.Outcome ?? "fault";
        }

        return answer.Outcome!;
    }

    private object Read(AskedRequest request) => AskedTypes.Read(
        request.Message.Record.Value,
        types.Find(request.Type) ?? throw new UnreadableMessageException($"No consumer of request endpoint '{sender.Endpoint}' takes '{WireText.Short(request.Type)}'; it takes {types.Names}."));

    private async Task FailAsync(AskedRequest request, Answer answer, Exception error, Activity? span)
    {
        span?.Failed(error.GetType().FullName ?? BoundedNames.Other, error.Message);
        if (error is UnreadableMessageException)
        {
            sender.Logger.RequestUnreadable(request.Message.Record.Position.ToString(), sender.Endpoint, error.Message, "Its asker is told.");
        }
        else
        {
            sender.Logger.RequestFailed(error, request.Id.ToString(), request.Type, sender.Endpoint);
        }

        if (answer.Outcome is null)
        {
            await answer.FailAsync(error).ConfigureAwait(false);
        }
    }

    private Activity? Start(AskedRequest request) => Spans.StartApart(
            MessagingAttributes.Process, request.Message.Record.Topic, request.Span, request.Span == default ? [] : [new ActivityLink(request.Span)])
        ?.SetTag(MessagingAttributes.ConsumerGroup, sender.Endpoint)
        .SetTag(MessagingAttributes.Partition, request.Message.Record.Position.Partition.ToString(CultureInfo.InvariantCulture))
        .SetTag(MessagingAttributes.KafkaOffset, request.Message.Record.Position.Offset)
        .SetTag(MessagingAttributes.MessageId, request.Id.ToString())
        .SetTag(MessagingAttributes.ConversationId, request.CorrelationId)
        .SetTag(MessagingAttributes.MessageType, request.Type);
}
