using System.CommandLine;
using Outbox.Cli.Answers;
using Outbox.Cli.Connecting;

namespace Outbox.Cli.Calls;

/// <summary>One run of a verb: what it was given, what it may ask, and where it answers.</summary>
internal sealed class Call(ParseResult parsed, ConnectionOptions connection, Answer answer, Surroundings surroundings, CancellationToken cancellation) : IAsyncDisposable
{
    private readonly List<OutboxPlace> _opened = [];

    public Answer Answer => answer;

    public TimeProvider Time => surroundings.Time;

    public CancellationToken Cancellation => cancellation;

    /// <summary>What an option says.</summary>
    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    /// <summary>What an argument says; nothing, where it may be left out.</summary>
    public T Get<T>(Argument<T> argument) => parsed.GetValue(argument)!;

    /// <summary>Where the outbox is.</summary>
    public ConnectionSettings Settings() => connection.Read(parsed, surroundings.Environment);

    /// <summary>Where a profile says that another outbox is.</summary>
    public ConnectionSettings Settings(string profile) => connection.OfProfile(profile, parsed, surroundings.Environment);

    /// <summary>Connects to the outbox.</summary>
    public Task<OutboxPlace> OpenAsync() => OpenAsync(Settings());

    /// <summary>Connects to an outbox; the call closes it.</summary>
    public async Task<OutboxPlace> OpenAsync(ConnectionSettings settings)
    {
        var place = await OutboxPlace.OpenAsync(settings, Time, cancellation).ConfigureAwait(false);
        _opened.Add(place);
        return place;
    }

    /// <summary>Connects to the database, whatever is in it.</summary>
    public async Task<OutboxPlace> ReachAsync()
    {
        var place = await OutboxPlace.ReachAsync(Settings(), Time, cancellation).ConfigureAwait(false);
        _opened.Add(place);
        return place;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var place in _opened)
        {
            await place.DisposeAsync().ConfigureAwait(false);
        }
    }
}
