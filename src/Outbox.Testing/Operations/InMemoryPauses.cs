using System.Globalization;
using Microsoft.Extensions.Options;
using Outbox.Operations;
using Outbox.Operations.Auditing;
using Outbox.Operations.Pausing;
using Outbox.Testing.Store;

namespace Outbox.Testing.Operations;

/// <summary>Keeps pauses in memory. Which endpoints there are is not known here.</summary>
internal sealed class InMemoryPauses(InMemoryStore store, InMemoryAudit audit, TimeProvider time, IOptions<OutboxOptions> options) : IPauses
{
    /// <inheritdoc/>
    public Task<Pause> PauseAsync(PauseRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Check();
        var now = time.GetUtcNow();
        var until = request.Until ?? now + (request.For ?? PauseRequest.Usual);
        PauseRequest.CheckEnd(until, now);
        return Task.FromResult(store.Run(tables =>
        {
            var since = tables.Pauses.GetValueOrDefault(request.Target) is { } before && before.Until > now ? before.Since : now;
            var pause = new Pause(request.Target, since, until, request.By.Named(options.Value.Source), request.Reason) { Remaining = until - now };
            tables.Pauses[request.Target] = pause;
            audit.Write(tables, EntryOf(AuditActs.Pause, pause.Target, pause.By, pause.Reason, string.Create(CultureInfo.InvariantCulture, $"paused until {until:O}")));
            return pause;
        }));
    }

    /// <inheritdoc/>
    public Task<bool> ResumeAsync(PauseTarget target, string reason, Actor? by = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return Task.FromResult(store.Run(tables =>
        {
            var isOn = tables.Pauses.Remove(target, out var ended) && ended.Until > time.GetUtcNow();
            if (isOn)
            {
                audit.Write(tables, EntryOf(AuditActs.Resume, target, by ?? Actor.Application, reason, "resumed"));
            }

            return isOn;
        }));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Pause>> ListPausesAsync(CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        return Task.FromResult<IReadOnlyList<Pause>>(store.Run(tables =>
            tables.Pauses.Values.Where(pause => pause.Until > now).OrderBy(pause => pause.Until).Select(pause => pause with { Remaining = pause.Until - now }).ToList()));
    }

    private static AuditEntry EntryOf(string act, PauseTarget target, Actor by, string reason, string outcome) => new(act, target.ToString(), by, reason, outcome)
    {
        Topic = target.Kind == PauseKind.Topic ? target.Name : null,
        Endpoint = target.Kind == PauseKind.Endpoint ? target.Name : null,
    };
}
