using MongoDB.Driver;
using Outbox.Cli.Importing.Pending;

namespace Outbox.Cli.Importing.Destinations;

/// <summary>Where messages are moved to.</summary>
internal interface IImportDestination
{
    /// <summary>What it is, for a person.</summary>
    string Name { get; }

    /// <summary>The place in it that a message goes to, if anything says which.</summary>
    string? PlaceOf(PendingMessage message);

    /// <summary>The message's type there.</summary>
    string TypeOf(PendingMessage message);

    /// <summary>Why a message cannot go there; nothing, if it can.</summary>
    string? Refuse(PendingMessage message);

    /// <summary>Puts messages there, in a transaction.</summary>
    /// <exception cref="OutboxException">One of them cannot be there: its id is taken.</exception>
    Task InsertAsync(IClientSessionHandle session, IReadOnlyList<PendingMessage> messages, CancellationToken cancellationToken);
}
