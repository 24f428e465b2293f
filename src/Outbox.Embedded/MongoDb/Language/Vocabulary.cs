using Outbox.Embedded.MongoDb.Language.Expressions;
using Outbox.Embedded.MongoDb.Language.Stages;
using Outbox.Embedded.MongoDb.Language.Stages.Grouping;
using Outbox.Embedded.MongoDb.Language.Updates;

namespace Outbox.Embedded.MongoDb.Language;

/// <summary>Every name that is understood, for the documentation and the tests that hold it to the code.</summary>
internal static class Vocabulary
{
    public static IReadOnlyList<string> QueryOperators { get; } =
    [
        "$all", "$and", "$bitsAllClear", "$bitsAllSet", "$bitsAnyClear", "$bitsAnySet", "$comment", "$elemMatch", "$eq", "$exists", "$expr", "$gt", "$gte",
        "$in", "$lt", "$lte", "$mod", "$ne", "$nin", "$nor", "$not", "$options", "$or", "$regex", "$size", "$type",
    ];

    public static IReadOnlyList<string> UpdateModifiers { get; } = [.. ModifierParser.Names.Order(StringComparer.Ordinal)];

    public static IReadOnlyList<string> Expressions { get; } = [.. Operators.Names.Order(StringComparer.Ordinal)];

    public static IReadOnlyList<string> Stages { get; } = [.. StageParser.Names.Order(StringComparer.Ordinal)];

    public static IReadOnlyList<string> Accumulators { get; } = [.. AccumulatorField.Names.Order(StringComparer.Ordinal)];
}
