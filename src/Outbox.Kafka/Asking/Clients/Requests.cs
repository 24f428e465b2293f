using System.Collections.Concurrent;
using System.Diagnostics;
using Confluent.Kafka;
using MassTransit;
using Microsoft.Extensions.Options;
using Outbox.Diagnostics;
using Outbox.Kafka.Asking.Topics;
using Outbox.Kafka.Asking.Wire;

namespace Outbox.Kafka.Asking.Clients;

/// <summary>The requests of this process that wait for their answers.</summary>
internal sealed class Requests(RequestRoute route, ReplyBox replies, RequestMetrics metrics, IOptions<RequestOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<Guid, PendingRequest> _waiting = new();

    /// <summary>How many wait.</summary>
    public int Count => _waiting.Count;

    public RequestOptions Options => options.Value;

    public PendingRequest? Find(Guid id) => _waiting.GetValueOrDefault(id);

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <exception cref="RequestTimeoutException">None came in time.</exception>
    /// <exception cref="TooManyRequestsException">As many wait as may.</exception>
    /// <exception cref="RequestException">It cannot be sent, or what came is no answer to it.</exception>
    public async Task AskAsync(PendingRequest pending, Question question, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var name = question.Definition.Name;
        var outcome = "failed";
        using var span = Spans.AreWatched ? StartSpan(question) : null;
        try
        {
            using var turn = question.Definition.Enter(Options);
            outcome = await WaitAsync(pending, question, span, cancellationToken).ConfigureAwait(false) == RequestHeaders.Fault ? "fault" : "answered";
        }
        catch (Exception error)
        {
            outcome = error switch
            {
                RequestTimeoutException => "timeout",
                TooManyRequestsException => "refused",
                OperationCanceledException => "cancelled",
                _ => "failed",
            };
            span?.Failed(error.GetType().FullName!, error.Message);
            throw;
        }
        finally
        {
            metrics.Asked(name, outcome, time.GetElapsedTime(started));
        }
    }

    private async Task<string> WaitAsync(PendingRequest pending, Question question, Activity? span, CancellationToken cancellationToken)
    {
        var deadline = time.GetUtcNow() + question.Wait;
        using var expired = new CancellationTokenSource(question.Wait, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(expired.Token, cancellationToken);
        TopicPartitionOffset? place = null;
        _waiting[question.Id] = pending;
        try
        {
            var address = await replies.AddressAsync(ending.Token).ConfigureAwait(false);
            await route.CheckAsync(question.Definition.Topic, ending.Token).ConfigureAwait(false);
            place = await route.SendAsync(question, address, deadline, span, ending.Token).ConfigureAwait(false);
            var type = await pending.Answered.WaitAsync(ending.Token).ConfigureAwait(false);
            if (pending.AnsweredBy != default)
            {
                span?.AddLink(new ActivityLink(pending.AnsweredBy));
            }

            return type;
        }
        catch (OperationCanceledException) when (expired.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new RequestTimeoutException(Explain(question, place), null!);
        }
        finally
        {
            _waiting.TryRemove(question.Id, out _);
        }
    }

    /// <summary>Says how far it came.</summary>
    private string Explain(Question question, TopicPartitionOffset? place)
    {
        var what = $"Request '{question.Definition.Name}' ({question.Id}) has no answer after {question.Wait}";
        return (place, replies.Missing) switch
        {
            ({ } sent, _) => $"{what}. It was sent to topic '{sent.Topic}' (partition {sent.Partition.Value}, offset {sent.Offset.Value}): nobody answers there now, or not in that time; or the clock of who does is "
                + "ahead, so that the request had expired when it came.",
            (_, { } missing) => $"{what}. It was not sent, because the answer could not have been read: {missing}",
            _ => $"{what}. The brokers did not take it for topic '{route.NameOf(question.Definition.Topic)}' in that time.",
        };
    }

    private Activity? StartSpan(Question question) => Spans.Start(MessagingAttributes.Send, route.NameOf(question.Definition.Topic), Activity.Current?.Context ?? default)
        ?.SetTag(MessagingAttributes.MessageId, (question.Context.MessageId ?? question.Id).ToString())
        .SetTag(MessagingAttributes.ConversationId, (question.Context.ConversationId ?? question.Context.CorrelationId ?? question.Id).ToString())
        .SetTag(MessagingAttributes.MessageType, question.Definition.Name);
}
