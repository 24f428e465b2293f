namespace Outbox.Tests.Standards;

/// <summary>Which folders of a project use which, and where that goes round in a circle.</summary>
internal sealed class FolderGraph
{
    /// <summary>From a folder to another, the files that close the way.</summary>
    private readonly Dictionary<(string From, string To), SortedSet<string>> _uses = [];
    private readonly List<string> _folders;

    public FolderGraph(IReadOnlyCollection<SourceFile> files)
    {
        _folders = [.. files.Select(file => file.Folder).Distinct().Order(StringComparer.Ordinal)];
        var places = files.ToLookup(file => file.Namespace);
        foreach (var file in files)
        {
            foreach (var folder in places.SelectMany(place => Used(file, [.. place], places)).Distinct().Where(folder => folder != file.Folder))
            {
                (_uses.TryGetValue((file.Folder, folder), out var names) ? names : _uses[(file.Folder, folder)] = new(StringComparer.Ordinal)).Add(file.Name);
            }
        }
    }

    /// <summary>The sets of folders that all need each other.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Circles()
    {
        var reach = _folders.ToDictionary(folder => folder, Reachable);
        return
        [
            .. _folders.Where(folder => reach[folder].Contains(folder))
                .Select(folder => _folders.Where(other => reach[folder].Contains(other) && reach[other].Contains(folder)).ToList())
                .DistinctBy(circle => circle[0]),
        ];
    }

    /// <summary>The shortest way round within a circle, each step with the files that make it.</summary>
    public string Shortest(IReadOnlyList<string> circle) =>
        circle.Select(start => Way(start, circle)).MinBy(way => way.Count)! is var steps
            ? string.Join(" → ", steps.Zip(steps.Skip(1), (from, to) => $"{from} ({string.Join(", ", _uses[(from, to)])})").Append(steps[^1]))
            : "";

    /// <summary>A namespace that one folder has is used by naming it; of one that several share, or that lies around the file, what is mentioned counts.</summary>
    private static IEnumerable<string> Used(SourceFile file, List<SourceFile> place, ILookup<string, SourceFile> places)
    {
        var within = file.IsWithin(place[0].Namespace);
        if (!within && !place.Any(file.IsUsing))
        {
            return file.IsBeside(place[0].Namespace) ? place.Where(file.Qualifies).Select(other => other.Folder) : [];
        }

        if (!within && place.DistinctBy(other => other.Folder).Count() == 1)
        {
            return [place[0].Folder];
        }

        var nearer = places.Where(other => file.IsWithin(other.Key) && (!within || other.Key.Length > place[0].Namespace.Length)).SelectMany(x => x).ToList();
        return place.Where(other => file.Mentions(other, nearer)).Select(other => other.Folder);
    }

    private HashSet<string> Reachable(string start)
    {
        var found = new HashSet<string>();
        var open = new Queue<string>([start]);
        while (open.TryDequeue(out var folder))
        {
            foreach (var next in Next(folder).Where(found.Add))
            {
                open.Enqueue(next);
            }
        }

        return found;
    }

    private List<string> Way(string start, IReadOnlyList<string> circle)
    {
        var open = new Queue<List<string>>([[start]]);
        var seen = new HashSet<string>();
        while (open.TryDequeue(out var way))
        {
            foreach (var next in Next(way[^1]).Where(next => circle.Contains(next) && seen.Add(next)))
            {
                if (next == start)
                {
                    return [.. way, next];
                }

                open.Enqueue([.. way, next]);
            }
        }

        throw new ArgumentException($"There is no way from {start} back to it.");
    }

    private IEnumerable<string> Next(string folder) => _uses.Keys.Where(use => use.From == folder).Select(use => use.To);
}
