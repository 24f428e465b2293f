using Outbox.Delivery.Publishing;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Testing;

/// <summary>
/// Sees what the relay publishes, and waits for it: <c>await harness.Published&lt;OrderPlaced&gt;(x => x.OrderId == "o1")</c>. Take it from the services of a host that
/// has started, or of a test harness of MassTransit's that has: it is the relay that publishes.
/// </summary>
public sealed class OutboxHarness
{
    private readonly HarnessLog _log;
    private readonly HarnessOutbox _outbox;
    private readonly MessageRegistry _registry;

    internal OutboxHarness(HarnessLog log, HarnessOutbox outbox, MessageRegistry registry) => (_log, _outbox, _registry) = (log, outbox, registry);

    /// <summary>How long to wait, in real time.</summary>
    /// <value>The default value is 10 seconds.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Everything published so far, in order; a message that was published twice is here twice.</summary>
    public IReadOnlyList<OutboxMessage> Messages => _log.Published;

    /// <summary>What could not be published, with the reasons.</summary>
    public IReadOnlyList<UnpublishableMessage> Parked => _log.Parked;

    /// <summary>The messages of a type that were published so far; await <see cref="Settled"/> first to know that there are no more to come.</summary>
    public IReadOnlyList<PublishedMessage<T>> All<T>()
        where T : class
    {
        var registration = _registry.Get(typeof(T));
        return [.. _log.Published.Where(message => message.Type == registration.Type && message.Payload is not null).Select(message => Payloads.Read<T>(message, registration))];
    }

    /// <summary>Waits until a message is published, and returns the first one that matches.</summary>
    /// <param name="match">Which one; any by default.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="TimeoutException">None was; the message says what was published instead, what is parked and what waits.</exception>
    /// <exception cref="OutboxException">The type is not registered.</exception>
    public async Task<PublishedMessage<T>> Published<T>(Func<T, bool>? match = null, CancellationToken cancellationToken = default)
        where T : class
    {
        var found = await _log.WaitAsync(
            () => Task.FromResult(All<T>().FirstOrDefault(x => match is null || match(x.Message))), Timeout, cancellationToken).ConfigureAwait(false);
        return found ?? throw await MissedAsync($"No {typeof(T).Name}{(match is null ? "" : " that matches")} was published").ConfigureAwait(false);
    }

    /// <summary>Waits until a tombstone of an entity is published.</summary>
    /// <inheritdoc cref="Published{T}"/>
    public async Task<OutboxMessage> PublishedTombstone<T>(string entityId, CancellationToken cancellationToken = default)
        where T : class
    {
        var type = _registry.Get(typeof(T)).Type;
        var found = await _log.WaitAsync(
            () => Task.FromResult(_log.Published.FirstOrDefault(x => x.Payload is null && x.Type == type && x.EntityId == entityId)), Timeout, cancellationToken)
            .ConfigureAwait(false);
        return found ?? throw await MissedAsync($"No tombstone of {typeof(T).Name} and entity '{entityId}' was published").ConfigureAwait(false);
    }

    /// <summary>
    /// Waits until the outbox has nothing left to publish: no message but delayed ones and those behind a parked one. What was not published then will not be, unless somebody
    /// captures more: consumers that are still at work do.
    /// </summary>
    /// <exception cref="TimeoutException">Messages are left; the message lists them.</exception>
    public async Task Settled(CancellationToken cancellationToken = default)
    {
        var settled = await _log.WaitAsync<object>(
            async () => await _outbox.HasWorkAsync(cancellationToken).ConfigureAwait(false) ? null : _log, Timeout, cancellationToken).ConfigureAwait(false);
        if (settled is null)
        {
            throw await MissedAsync("The outbox was not empty").ConfigureAwait(false);
        }
    }

    private async Task<TimeoutException> MissedAsync(string what) =>
        new($"{what} within {Timeout.TotalSeconds:0.#} s. {HarnessReport.Of(_log, await _outbox.ReadAsync(CancellationToken.None).ConfigureAwait(false))}");
}
