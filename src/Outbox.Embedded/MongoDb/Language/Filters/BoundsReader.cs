using Outbox.Embedded.MongoDb.Language.Filters.Conditions;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.MongoDb.Language.Filters;

/// <summary>Reads from a query which index keys its matches must have.</summary>
internal static class BoundsReader
{
    public static Dictionary<string, IReadOnlyList<Interval>> Read(FilterNode node, bool scalar) => node switch
    {
        AndNode and => And(and.Children.Select(child => Read(child, scalar)), scalar),
        OrNode or => Or([.. or.Children.Select(child => Read(child, scalar))]),
        PathNode { Path.HasIndex: false, Test.Bounds: { } bounds } path => new() { [path.Path.Text] = bounds },
        _ => [],
    };

    private static Dictionary<string, IReadOnlyList<Interval>> And(IEnumerable<Dictionary<string, IReadOnlyList<Interval>>> parts, bool scalar)
    {
        var all = new Dictionary<string, IReadOnlyList<Interval>>(StringComparer.Ordinal);
        foreach (var (path, bounds) in parts.SelectMany(part => part))
        {
            // Different elements of one array may meet different conditions, so only one condition may narrow the scan.
            all[path] = !all.TryGetValue(path, out var known) ? bounds
                : scalar || path == "_id" ? Both(known, bounds)
                : Narrower(known, bounds);
        }

        return all;
    }

    private static Dictionary<string, IReadOnlyList<Interval>> Or(List<Dictionary<string, IReadOnlyList<Interval>>> parts) =>
        parts[0].Keys.Where(path => parts.TrueForAll(part => part.ContainsKey(path)))
            .ToDictionary(path => path, path => (IReadOnlyList<Interval>)parts.SelectMany(part => part[path]).ToList(), StringComparer.Ordinal);

    private static List<Interval> Both(IReadOnlyList<Interval> x, IReadOnlyList<Interval> y) =>
        [.. x.SelectMany(a => y.Select(a.Intersect)).OfType<Interval>()];

    private static IReadOnlyList<Interval> Narrower(IReadOnlyList<Interval> x, IReadOnlyList<Interval> y) => Width(y) < Width(x) ? y : x;

    /// <summary>Points before ranges; among points, the fewer.</summary>
    private static int Width(IReadOnlyList<Interval> bounds) =>
        bounds.Sum(each => each.Low is not null && each.High is not null && BsonOrder.Instance.Same(each.Low, each.High) ? 1 : 1_000_000);
}
