"""Works with the tasks of a generated project by its generated client: tasks.py URL"""

import sys

sys.path.insert(0, ".")
from python import Client
from python.api.tasks import (
    tasks_create,
    tasks_destroy,
    tasks_list,
    tasks_partial_update,
    tasks_retrieve,
)
from python.models import PatchedTaskRequest, TaskRequest

client = Client(base_url=sys.argv[1])
made = tasks_create.sync(client=client, body=TaskRequest(title="Learn Python", completed=True))
assert made.title == "Learn Python" and made.completed is True, made

read = tasks_retrieve.sync(made.id, client=client)
assert read == made, read
page = tasks_list.sync(client=client, completed=True)
assert [task.id for task in page.results] == [made.id], page

# A change of one field touches no other.
changed = tasks_partial_update.sync(made.id, client=client, body=PatchedTaskRequest(title="Use Python"))
assert changed.title == "Use Python" and changed.completed is True, changed

refused = tasks_create.sync_detailed(client=client, body=TaskRequest(title=""))
assert refused.status_code == 400, refused
assert refused.parsed.additional_properties["title"] == ["This field may not be blank."], refused
gone = tasks_destroy.sync_detailed(made.id, client=client)
assert gone.status_code == 204, gone
assert tasks_retrieve.sync_detailed(made.id, client=client).status_code == 404
print("the Python client works")
