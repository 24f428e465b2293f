using System.Collections.Concurrent;
using System.Diagnostics;
using MassTransit;
using Outbox.Kafka.Asking.Wire;
using Outbox.Kafka.Formats.Wire;

namespace Outbox.Kafka.Asking.Clients;

/// <summary>A request whose answer is waited for, and the types that it may be of.</summary>
internal sealed class PendingRequest
{
    private readonly ConcurrentDictionary<string, (Type Type, Func<ConsumeContext, Task> Take)> _expected = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource<string> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The name of the answer's type, when it has come.</summary>
    public Task<string> Answered => _answered.Task;

    /// <summary>The span of whoever answered.</summary>
    public ActivityContext AnsweredBy { get; private set; }

    public ConnectHandle Expect<T>(IPipe<ConsumeContext<T>> pipe)
        where T : class
    {
        var name = AskedTypes.NameOf(typeof(T));
        return _expected.TryAdd(name, (typeof(T), context => TakeAsync(context, pipe)))
            ? new Expectation(() => _expected.TryRemove(name, out _))
            : throw new RequestException($"Two types of answers share the name '{name}' on Kafka, one of them {typeof(T).FullName}. Rename one.");
    }

    /// <summary>Hands the answer over; whatever is wrong with it, the asker is told at once.</summary>
    public async Task AnswerAsync(Reply reply)
    {
        AnsweredBy = reply.Span;
        try
        {
            if (!_expected.TryGetValue(reply.Type, out var expected))
            {
                throw new RequestException($"The answer is a '{reply.Type}', and the asker waits for {string.Join(" or ", _expected.Keys.Select(name => $"'{name}'"))}. Ask for it too: "
                    + "GetResponse<T1, T2>(…).");
            }

            await expected.Take(reply.As(expected.Type)).ConfigureAwait(false);
            _answered.TrySetResult(reply.Type);
        }
        catch (UnreadableMessageException error)
        {
            _answered.TrySetException(new RequestException($"The answer cannot be read. {error.Message}", error));
        }
        catch (Exception error)
        {
            _answered.TrySetException(error);
        }
    }

    private static Task TakeAsync<T>(ConsumeContext context, IPipe<ConsumeContext<T>> pipe)
        where T : class =>
        context.TryGetMessage<T>(out var typed) ? pipe.Send(typed) : throw new UnreadableMessageException($"It is no {typeof(T).Name}.");

    private sealed class Expectation(Action end) : ConnectHandle
    {
        public void Disconnect() => end();

        public void Dispose() => end();
    }
}
