using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Outbox.Kafka.Inbox.Endpoint;

namespace Outbox.Kafka.Inbox.Watching;

/// <summary>
/// Does not trust the client to say that it is dead. While nothing comes, both the consumer's own client and a fresh one are asked for metadata; when only the fresh one is answered,
/// again and again, the consumer has to be replaced. librdkafka clients have been seen to stay without a connection for ever after a broker had been stopped for a while.
/// </summary>
internal sealed class ClientWatch(EndpointName endpoint, IClientProbe probe, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private const int MostSilences = 3;

    private long _heard = time.GetTimestamp();
    private Task<bool> _own = Task.FromResult(true);
    private Task<bool>? _question;
    private int _silences;

    /// <summary>A message came: the client lives.</summary>
    public void Heard()
    {
        _heard = time.GetTimestamp();
        _silences = 0;
    }

    /// <summary>A new consumer has a new client.</summary>
    public void Renewed()
    {
        Heard();
        _question = null;
    }

    /// <summary>Looks, and asks at its interval in the background. For the consuming thread alone.</summary>
    /// <exception cref="DeadClientException">The client answers no more, and the brokers do.</exception>
    public void Look(IConsumer<byte[]?, byte[]?> consumer)
    {
        if (_question is { IsCompleted: true } asked)
        {
            _question = null;
            _heard = time.GetTimestamp();
            _silences = asked is { IsCompletedSuccessfully: true, Result: true } ? _silences + 1 : 0;
            if (_silences >= MostSilences)
            {
                throw new DeadClientException(
                    $"The client of endpoint {endpoint.Topic} of group {endpoint.Group} gets no answer from brokers that answer others. It is replaced.");
            }

            if (_silences > 0)
            {
                logger.ClientSilent(endpoint.Topic, endpoint.Group, _silences, MostSilences);
            }
        }
        else if (_question is null && time.GetElapsedTime(_heard) >= Interval)
        {
            _own = Task.Run(() => probe.Answers(consumer));
            _question = IsAloneAsync();
        }
    }

    /// <summary>Whether no question is open.</summary>
    public bool IsAnswered => _question is null or { IsCompleted: true };

    /// <summary>Blocks until nothing uses the consumer's client any more, so that it can be closed.</summary>
    public void Wait() => Task.WaitAny([_own], CancellationToken.None);

    /// <summary>Whether a fresh client is answered and this one is not.</summary>
    private async Task<bool> IsAloneAsync() =>
        !await _own.ConfigureAwait(false) && await Task.Run(probe.AnswersAFreshClient).ConfigureAwait(false);
}
