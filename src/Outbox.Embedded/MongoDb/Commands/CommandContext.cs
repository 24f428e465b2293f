using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Clients;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.History;
using Outbox.Embedded.MongoDb.Language.Documents;
using Outbox.Embedded.MongoDb.Language.Expressions;
using Outbox.Embedded.MongoDb.Language.Values;
using Outbox.Embedded.MongoDb.Protocol;
using Outbox.Embedded.MongoDb.Queries;
using Outbox.Embedded.MongoDb.Replication;
using Outbox.Embedded.MongoDb.Storage;
using Outbox.Embedded.MongoDb.Timing;

namespace Outbox.Embedded.MongoDb.Commands;

/// One command on its way: what was asked, by whom, and within which transaction.
internal sealed class CommandContext(ServerState server, Client client, Request request, Budget budget)
{
    private Variables? _variables;

    public ServerState Server { get; } = server;

    public Store Store => Server.Store;

    public Client Client { get; } = client;

    public Request Request { get; } = request;

    public BsonDocument Command => Request.Command;

    public string Name { get; } = request.Command.GetElement(0).Name;

    public string Database { get; } = request.Command.OptionalString("$db") ?? "admin";

    public Budget Budget { get; } = budget;

    public required ReadConcern ReadConcern { get; init; }

    public required WriteConcern WriteConcern { get; init; }

    public Session? Session { get; set; }

    public long? Number { get; set; }

    public Transaction? Transaction { get; set; }

    public bool InTransaction { get; set; }

    /// Opens or reads a change stream.
    public bool ChangeStream { get; set; }

    /// A read that writes what it found.
    public bool Writes { get; set; }

    /// A statement whose answer is kept for a retry.
    public bool Retryable => Number is not null && !InTransaction;

    /// Before the command did anything.
    public int RollbacksBefore { get; } = server.Store.ReadSafety().Rollbacks;

    /// The answer is not to reach the client.
    public bool LosesConnection { get; set; }

    /// When this command's last write happened.
    public ulong OperationTime { get; set; }

    public Variables Variables => _variables ??= VariablesOf(Command);

    public Namespace Collection => Command[0] is BsonString { Value.Length: > 0 } name
        ? new Namespace(Database, name.Value)
        : throw new MongoError(73, "InvalidNamespace", $"collection name has invalid type or is empty in '{Name}'");

    /// What the expressions of a command may name, which for `explain` is the command within.
    public Variables VariablesOf(BsonDocument command)
    {
        var variables = new Variables(Server.Clock.Now, null, Timestamps.ToBson(Store.Last));
        return command.OptionalDocument("let") is { } let ? Operators.Let(variables, let) : variables;
    }

    public ReadScope ReadScope() => new(Transaction, ReadConcern.Majority, Budget);

    /// Writes look at what is there now, whatever the read concern says.
    public ReadScope WriteScope() => new(Transaction, false, Budget);

    public IReadOnlyList<(BsonDocument Document, byte[]? Data)> Documents(string field)
    {
        if (Request.Sequences.TryGetValue(field, out var sequence))
        {
            return [.. sequence.Select(data => (Raw.Decode(data), (byte[]?)data))];
        }

        return [.. Command.Required<BsonArray>(field).Select(item => item is BsonDocument document
            ? (document, (byte[]?)null)
            : throw MongoError.TypeMismatch($"BSON field '{Name}.{field}' holds a {item.BsonType}, expected type 'object'"))];
    }
}
