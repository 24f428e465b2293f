using Outbox.Embedded.MongoDb.Protocol;

namespace Outbox.Embedded.MongoDb.Commands;

[Flags]
internal enum Traits
{
    None = 0,

    /// Reads data: needs a primary, unless the client's read preference allows another.
    Read = 1,

    /// Changes data: needs a primary, takes a write concern.
    Write = 2,

    /// May be part of a transaction.
    Transactional = 4,

    /// A transaction number without a transaction makes it a retryable write.
    Retryable = 8,

    /// Only on the database "admin".
    Admin = 16,

    /// Ends a transaction.
    EndsTransaction = 32,
}

internal sealed record CommandSpec(string Name, Traits Traits, Func<CommandContext, ValueTask<Reply>> Run, params string[] Fields)
{
    /// MongoDB 4.4 reads these without its generated parsers, and complains with other codes.
    public bool ParsesByHand => Name == "find";

    public bool Is(Traits trait) => (Traits & trait) != 0;
}
