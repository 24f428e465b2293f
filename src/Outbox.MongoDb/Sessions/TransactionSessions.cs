using Microsoft.Extensions.Logging;
using MongoDB.Driver;

namespace Outbox.MongoDb.Sessions;

/// <summary>
/// Starts the sessions that transactions run in, each written down under this instance's name before its first write. A process that is killed leaves its transactions open on
/// the server, which holds their documents for a minute (<c>transactionLifetimeLimitSeconds</c>); so whoever finds it dead can end them.
/// </summary>
internal sealed class TransactionSessions(
    OutboxCollections collections, InstanceStore store, SessionRegistry registry, IInstallation installation, ILogger<TransactionSessions> logger) : IDisposable
{
    private readonly SemaphoreSlim _saving = new(1, 1);

    /// <summary>How long this instance counts as alive after each sign of life; zero until it has given the first.</summary>
    private TimeSpan _alive;

    /// <summary>Starts a session; dispose it when its transaction has ended.</summary>
    public async Task<TransactionSession> StartAsync(CancellationToken cancellationToken)
    {
        await installation.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var session = await collections.Database.Client.StartSessionAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        return await FollowAsync(session, isOwned: true, blocking: false, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes down a session that somebody else started and will end.</summary>
    /// <param name="session">The session.</param>
    /// <param name="blocking">Whether to end before it returns, without any other thread: for a caller that cannot await.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<TransactionSession> FollowAsync(IClientSessionHandle session, bool blocking, CancellationToken cancellationToken)
    {
        await installation.EnsureAsync(cancellationToken).ConfigureAwait(false);
        return await FollowAsync(session, isOwned: false, blocking, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Shows that this instance lives, and writes down the sessions it uses.</summary>
    public async Task SaveAsync(TimeSpan alive, CancellationToken cancellationToken)
    {
        await _saving.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _alive = alive;
            await SaveAsync(blocking: false, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _saving.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _saving.Dispose();

    private async Task<TransactionSession> FollowAsync(IClientSessionHandle session, bool isOwned, bool blocking, CancellationToken cancellationToken)
    {
        var followed = new TransactionSession(session, registry, isOwned);
        if (!followed.IsSaved)
        {
            await SaveFirstAsync(followed, blocking, cancellationToken).ConfigureAwait(false);
        }

        return followed;
    }

    /// <summary>A database that does not answer here fails the transaction itself, which knows better what to do about it.</summary>
    private async Task SaveFirstAsync(TransactionSession session, bool blocking, CancellationToken cancellationToken)
    {
        try
        {
            await (blocking ? Blocked() : _saving.WaitAsync(cancellationToken)).ConfigureAwait(false);
            try
            {
                if (_alive > TimeSpan.Zero && !registry.IsSaved(session.Handle))
                {
                    await SaveAsync(blocking, cancellationToken).ConfigureAwait(false);
                }
            }
            finally
            {
                _saving.Release();
            }
        }
        catch (OperationCanceledException)
        {
            session.Dispose();
            throw;
        }
        catch (Exception error)
        {
            // Whatever it is, it is not the message's fault.
            logger.SessionNotSaved(error);
        }

        Task Blocked()
        {
            _saving.Wait(cancellationToken);
            return Task.CompletedTask;
        }
    }

    private async Task SaveAsync(bool blocking, CancellationToken cancellationToken)
    {
        var sessions = registry.Current();
        await store.SaveAsync(_alive, sessions, blocking, cancellationToken).ConfigureAwait(false);
        registry.Saved(sessions);
    }
}
